#include "Guard.hpp"

#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>

using namespace fader;

struct CTInferenceScope {
  c10::InferenceMode mode;
};

/// Parameters change in place, which autograd must not record.
using Unrecorded = at::NoGradGuard;

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

CTStatus ct_move_towards(CTTensor *target, const CTTensor *source, const CTTensor *weight) {
  return guarded([&] {
    Unrecorded scope;
    target->value.lerp_(source->value, weight->value);
  });
}

/// How a parameter lies in the common tensor: as it did, unless its first dimension is not the outermost.
static std::vector<int64_t> flat_strides(const at::Tensor &parameter) {
  TORCH_CHECK(parameter.is_non_overlapping_and_dense(), "a parameter of shape ", parameter.sizes(), " has gaps in memory");
  const bool is_outermost = parameter.dim() == 0 || parameter.stride(0) * parameter.size(0) == parameter.numel();
  if (is_outermost) return parameter.strides().vec();
  const auto contiguous = c10::contiguous_strides(parameter.sizes());
  return {contiguous.begin(), contiguous.end()};
}

CTStatus ct_flatten(CTTensor *const *parameters, int32_t count, CTTensor **out) {
  return guarded([&] {
    Unrecorded scope;
    TORCH_CHECK(count > 0, "there are no parameters to train");
    const auto &first = parameters[0]->value;
    int64_t total = 0;
    for (const auto &parameter : list(parameters, count)) {
      TORCH_CHECK(parameter.scalar_type() == first.scalar_type(), "the parameters have several number types");
      TORCH_CHECK(parameter.device() == first.device(), "the parameters are on several devices");
      flat_strides(parameter);
      total += parameter.numel();
    }
    auto flat = at::empty({total}, first.options().requires_grad(false));
    int64_t offset = 0;
    for (int32_t i = 0; i < count; ++i) {
      auto &parameter = parameters[i]->value;
      const auto part = flat.as_strided(parameter.sizes(), flat_strides(parameter), offset);
      part.copy_(parameter);
      parameter.set_data(part);
      offset += parameter.numel();
    }
    *out = own(std::move(flat));
  });
}

CTStatus ct_flat_views(const CTTensor *flat, CTTensor *const *parameters, int32_t count, CTTensor **out) {
  return guarded([&] {
    Unrecorded scope;
    std::vector<at::Tensor> views;
    int64_t offset = flat->value.storage_offset();
    for (const auto &parameter : list(parameters, count)) {
      views.push_back(flat->value.as_strided(parameter.sizes(), parameter.strides(), offset));
      offset += parameter.numel();
    }
    TORCH_CHECK(offset == flat->value.storage_offset() + flat->value.numel(), "the parameters have another number of elements together");
    for (int32_t i = 0; i < count; ++i) out[i] = own(std::move(views[i]));
  });
}

/// The numbers of a tensor without gaps in the order of memory. It is made by hand: a view by the dispatcher for each parameter would cost the host
/// as much as the rest of the step.
static at::Tensor in_order_of_memory(const at::Tensor &dense) {
  auto vector = at::detail::make_tensor<c10::TensorImpl>(c10::Storage(dense.storage()), dense.key_set(), dense.dtype());
  vector.unsafeGetTensorImpl()->set_storage_offset(dense.storage_offset());
  vector.unsafeGetTensorImpl()->set_sizes_contiguous({dense.numel()});
  return vector;
}

CTStatus ct_flat_gradient(CTTensor *const *parameters, int32_t count, CTTensor **out) {
  return guarded([&] {
    Unrecorded scope;
    std::vector<at::Tensor> vectors;
    vectors.reserve(count);
    for (int32_t i = 0; i < count; ++i) {
      const auto &parameter = parameters[i]->value;
      auto gradient = parameter.grad();
      TORCH_CHECK(gradient.defined(), "parameter ", i, " has no gradient");
      // cuDNN's gradients have the channels next to each other, whatever the parameter has, and then sides of 1 have other strides too.
      if (gradient.strides() != parameter.strides())
        gradient = at::empty_strided(parameter.sizes(), parameter.strides(), gradient.options()).copy_(gradient);
      vectors.push_back(in_order_of_memory(gradient));
    }
    *out = own(at::cat(vectors));
  });
}

CTStatus ct_adamw(
    CTTensor *parameters, const CTTensor *gradient, CTTensor *first, CTTensor *second, const CTTensor *learning_rate, const CTTensor *step,
    const CTTensor *skip, CTAdamW settings) {
  return guarded([&] {
    Unrecorded scope;
    at::_fused_adamw_(
        {parameters->value}, {gradient->value}, {first->value}, {second->value}, {}, {step->value}, learning_rate->value, settings.beta1,
        settings.beta2, settings.weight_decay, settings.epsilon, /*amsgrad=*/false, /*maximize=*/false, /*grad_scale=*/std::nullopt,
        optional(skip));
  });
}
