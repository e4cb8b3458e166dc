#include "Guard.hpp"

#include <ATen/cpu/Utils.h>

#include <initializer_list>

using namespace fader;

/// Whether the processor has any of these sets of instructions.
static bool has_any(std::initializer_list<const char *> names) {
  const auto capabilities = at::cpu::get_cpu_capabilities();
  for (const char *name : names) {
    const auto found = capabilities.find(name);
    if (found != capabilities.end() && found->second.isBool() && found->second.toBool()) return true;
  }
  return false;
}

bool ct_cpu_multiplies(CTDataType type) {
  bool found = true;
  guarded([&] {
    if (type == CT_BFLOAT16) found = has_any({"avx512_bf16", "amx_bf16", "sve_bf16", "bf16"});
    if (type == CT_FLOAT16) found = has_any({"avx512_fp16", "amx_fp16"});
  });
  return found;
}
