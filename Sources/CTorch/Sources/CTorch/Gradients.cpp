#include "Guard.hpp"

#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>

using namespace fader;

struct CTInferenceScope {
  c10::InferenceMode mode;
};

/// Parameters change in place, which autograd must not record.
using Unrecorded = at::NoGradGuard;

static std::vector<at::Tensor> gradients(CTTensor *const *parameters, int32_t count) {
  std::vector<at::Tensor> found;
  found.reserve(count);
  for (int32_t i = 0; i < count; ++i) {
    TORCH_CHECK(parameters[i]->value.grad().defined(), "parameter ", i, " has no gradient");
    found.push_back(parameters[i]->value.grad());
  }
  return found;
}

CTStatus ct_inference_begin(CTInferenceScope **out) {
  return guarded([&] { *out = new CTInferenceScope; });
}

void ct_inference_end(CTInferenceScope *scope) { delete scope; }

bool ct_set_gradients(bool enabled) {
  const bool before = at::GradMode::is_enabled();
  at::GradMode::set_enabled(enabled);
  return before;
}

CTStatus ct_set_requires_gradient(CTTensor *a, bool required) {
  return guarded([&] { a->value.requires_grad_(required); });
}

CTStatus ct_detach(const CTTensor *a, CTTensor **out) {
  return guarded([&] { *out = own(a->value.detach()); });
}

CTStatus ct_backward(const CTTensor *loss) {
  return guarded([&] { loss->value.backward(); });
}

CTStatus ct_gradient(const CTTensor *a, CTTensor **out) {
  return guarded([&] { *out = a->value.grad().defined() ? own(a->value.grad()) : nullptr; });
}

CTStatus ct_clear_gradient(CTTensor *a) {
  return guarded([&] { a->value.mutable_grad() = at::Tensor(); });
}

CTStatus ct_copy_into(CTTensor *target, const CTTensor *source) {
  return guarded([&] {
    Unrecorded scope;
    target->value.copy_(source->value);
  });
}

CTStatus ct_move_towards(CTTensor *const *targets, CTTensor *const *sources, int32_t count, double weight) {
  return guarded([&] {
    Unrecorded scope;
    at::_foreach_lerp_(list(targets, count), list(sources, count), weight);
  });
}

CTStatus ct_gradient_norm(CTTensor *const *parameters, int32_t count, double *out) {
  return guarded([&] {
    Unrecorded scope;
    const auto norms = at::_foreach_norm(gradients(parameters, count), 2);
    *out = at::stack(norms).norm().item().toDouble();
  });
}

CTStatus ct_scale_gradients(CTTensor *const *parameters, int32_t count, double factor) {
  return guarded([&] {
    Unrecorded scope;
    at::_foreach_mul_(gradients(parameters, count), factor);
  });
}

CTStatus ct_adamw(CTTensor *const *parameters, CTTensor *const *first, CTTensor *const *second, int32_t count, CTAdamW settings) {
  return guarded([&] {
    Unrecorded scope;
    auto values = list(parameters, count);
    TORCH_CHECK(!values.empty(), "there are no parameters to train");
    const auto step = at::full({}, static_cast<double>(settings.step), at::dtype(at::kFloat).device(values[0].device()));
    at::_fused_adamw_(
        values, gradients(parameters, count), list(first, count), list(second, count), {}, std::vector<at::Tensor>(count, step),
        settings.learning_rate, settings.beta1, settings.beta2, settings.weight_decay, settings.epsilon, /*amsgrad=*/false,
        /*maximize=*/false);
  });
}
