#pragma once

#include "CTorch.h"

#include <ATen/ATen.h>

#include <atomic>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// A handle that Swift owns.
struct CTTensor {
  at::Tensor value;
};

struct CTGenerator {
  at::Generator value;
};

namespace fader {

inline std::atomic<int64_t> live_tensors{0};

/// Keeps the first line of a message for `ct_error_message`.
void remember(const char *message) noexcept;

/// The failure as a status: out of memory is told apart because the engine can act on it.
CTStatus classify(const c10::Error &error) noexcept;

inline CTTensor *own(at::Tensor value) {
  auto *handle = new CTTensor{std::move(value)};
  live_tensors.fetch_add(1, std::memory_order_relaxed);
  return handle;
}

/// Runs `body` and turns whatever it throws into a status and a message.
template <typename Body>
CTStatus guarded(Body &&body) noexcept {
  try {
    body();
    return CT_OK;
  } catch (const std::bad_alloc &) {
    remember("out of memory");
    return CT_OUT_OF_MEMORY;
  } catch (const c10::Error &error) {
    return classify(error);
  } catch (const std::exception &error) {
    remember(error.what());
    return CT_STANDARD_EXCEPTION;
  } catch (...) {
    remember("an unknown C++ exception");
    return CT_UNKNOWN_EXCEPTION;
  }
}

inline std::optional<at::Tensor> optional(const CTTensor *tensor) {
  return tensor ? std::optional<at::Tensor>(tensor->value) : std::nullopt;
}

inline std::vector<at::Tensor> list(CTTensor *const *tensors, int32_t count) {
  std::vector<at::Tensor> values;
  values.reserve(count);
  for (int32_t i = 0; i < count; ++i) values.push_back(tensors[i]->value);
  return values;
}

at::ScalarType scalar_type(CTDataType type);
at::Device device(CTDevice device);

}  // namespace fader
