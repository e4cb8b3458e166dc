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

CTStatus ct_set_gradient(CTTensor *a, const CTTensor *gradient) {
  return guarded([&] {
    if (gradient) {
      TORCH_CHECK(gradient->value.sizes() == a->value.sizes(), "a gradient has the shape of its parameter");
      TORCH_CHECK(gradient->value.device() == a->value.device(), "a gradient is on the device of its parameter");
    }
    a->value.mutable_grad() = gradient ? gradient->value : at::Tensor();
  });
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

/// The gradients in the order of memory in which their parameters are. cuDNN's have the channels next to each other, whatever the parameter
/// has, and sides of 1 then have other strides even where the order is the same; the fused update on CUDA refuses both, on the CPU it would mix
/// up the elements.
static std::vector<at::Tensor> aligned_gradients(CTTensor *const *parameters, int32_t count) {
  auto found = gradients(parameters, count);
  for (int32_t i = 0; i < count; ++i) {
    const auto &parameter = parameters[i]->value;
    if (found[i].strides() == parameter.strides()) continue;
    found[i] = at::empty_strided(parameter.sizes(), parameter.strides(), found[i].options()).copy_(found[i]);
  }
  return found;
}

/// Moments are made for their parameters and stay; only another kind of parameter, such as a part of a larger tensor, has none that fit.
static void require_alignment(const std::vector<at::Tensor> &parameters, const std::vector<at::Tensor> &moments) {
  for (size_t i = 0; i < parameters.size(); ++i) {
    TORCH_CHECK(moments[i].strides() == parameters[i].strides(), "the moments of parameter ", i, " are not laid out in memory as it is");
    TORCH_CHECK(moments[i].device() == parameters[i].device(), "the moments of parameter ", i, " are on another device");
  }
}

CTStatus ct_adamw(CTTensor *const *parameters, CTTensor *const *first, CTTensor *const *second, int32_t count, CTAdamW settings) {
  return guarded([&] {
    Unrecorded scope;
    auto values = list(parameters, count);
    TORCH_CHECK(!values.empty(), "there are no parameters to train");
    const auto first_moments = list(first, count), second_moments = list(second, count);
    require_alignment(values, first_moments);
    require_alignment(values, second_moments);
    const auto step = at::full({}, static_cast<double>(settings.step), at::dtype(at::kFloat).device(values[0].device()));
    at::_fused_adamw_(
        values, aligned_gradients(parameters, count), first_moments, second_moments, {}, std::vector<at::Tensor>(count, step),
        settings.learning_rate, settings.beta1, settings.beta2, settings.weight_decay, settings.epsilon, /*amsgrad=*/false,
        /*maximize=*/false);
  });
}
