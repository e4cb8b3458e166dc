#include "Guard.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/headeronly/version.h>

namespace fader {

static thread_local std::string last_message;

void remember(const char *message) noexcept {
  try {
    std::string text(message);
    last_message = text.substr(0, text.find('\n'));
  } catch (...) {
    last_message.clear();
  }
}

CTStatus classify(const c10::Error &error) noexcept {
  const char *message = error.what_without_backtrace();
  // The CPU build's own words for this fill a page.
  const bool lacks_cuda = std::string_view(message).find("with arguments from the 'CUDA' backend") != std::string_view::npos;
  remember(lacks_cuda ? "this libtorch was built without CUDA" : message);
  // The CPU allocator reports exhaustion as a failed check, not as c10::OutOfMemoryError.
  const bool exhausted = dynamic_cast<const c10::OutOfMemoryError *>(&error) != nullptr ||
                         std::string_view(message).find("DefaultCPUAllocator: can't allocate memory") != std::string_view::npos ||
                         std::string_view(message).find("DefaultCPUAllocator: not enough memory") != std::string_view::npos;
  return exhausted ? CT_OUT_OF_MEMORY : CT_TORCH_ERROR;
}

}  // namespace fader

const char *ct_error_message(void) { return fader::last_message.c_str(); }

int64_t ct_live_tensors(void) { return fader::live_tensors.load(std::memory_order_relaxed); }

const char *ct_version(void) { return TORCH_VERSION; }

const char *ct_build_description(void) {
  static thread_local std::string description;
  if (fader::guarded([] { description = at::show_config() + at::get_parallel_info(); }) != CT_OK) return "";
  return description.c_str();
}

int32_t ct_cuda_device_count(void) {
  int32_t count = 0;
  fader::guarded([&] { count = at::hasCUDA() ? static_cast<int32_t>(at::detail::getCUDAHooks().deviceCount()) : 0; });
  return count;
}

int32_t ct_threads(void) { return at::get_num_threads(); }

CTStatus ct_set_threads(int32_t count) {
  return fader::guarded([&] { at::set_num_threads(count); });
}
