#include "Guard.hpp"

#include <ATen/core/dispatch/Dispatcher.h>

using namespace fader;

/// oneDNN's convolution with weights that are reordered once rather than at every call. libtorch reaches it by name only.
namespace {

using Sizes = at::IntArrayRef;
using Pack = at::Tensor(const at::Tensor &, Sizes, Sizes, Sizes, int64_t, at::OptionalIntArrayRef);
using Scalars = c10::List<std::optional<at::Scalar>>;
using Text = std::optional<std::string_view>;
using Convolve = at::Tensor(
    const at::Tensor &, const at::Tensor &, const std::optional<at::Tensor> &, Sizes, Sizes, Sizes, int64_t, std::string_view, Scalars,
    Text);
using ConvolveAndAdd = at::Tensor(
    const at::Tensor &, const at::Tensor &, const at::Tensor &, const std::optional<at::Tensor> &, Sizes, Sizes, Sizes, int64_t,
    std::string_view, std::optional<at::Scalar>, Text, Scalars, Text);

template <typename Signature>
c10::TypedOperatorHandle<Signature> operation(const char *name, const char *overload) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).typed<Signature>();
}

at::Tensor pack(const at::Tensor &weight, int64_t stride, int64_t padding) {
  static const auto reorder = operation<Pack>("mkldnn::_reorder_convolution_weight", "");
  const int64_t strides[] = {stride, stride}, paddings[] = {padding, padding}, dilations[] = {1, 1};
  return reorder.call(weight, paddings, strides, dilations, 1, std::nullopt);
}

at::Tensor convolve(
    const at::Tensor &x, const at::Tensor &packed, const std::optional<at::Tensor> &bias, int64_t stride, int64_t padding,
    const at::Tensor *added) {
  static const auto plain = operation<Convolve>("mkldnn::_convolution_pointwise", "");
  static const auto adding = operation<ConvolveAndAdd>("mkldnn::_convolution_pointwise", "binary");
  const int64_t strides[] = {stride, stride}, paddings[] = {padding, padding}, dilations[] = {1, 1};
  if (!added) return plain.call(x, packed, bias, paddings, strides, dilations, 1, "none", Scalars(), std::nullopt);
  return adding.call(
      x, *added, packed, bias, paddings, strides, dilations, 1, "add", std::nullopt, std::nullopt, Scalars(), std::nullopt);
}

}  // namespace

bool ct_can_pack(void) {
  bool found = false;
  guarded([&] {
    found = at::hasMKLDNN() && c10::Dispatcher::singleton().findSchema({"mkldnn::_convolution_pointwise", "binary"}).has_value();
  });
  return found;
}

CTStatus ct_pack_convolution(const CTTensor *weight, int64_t stride, int64_t padding, CTTensor **out) {
  return guarded([&] { *out = own(pack(weight->value, stride, padding)); });
}

CTStatus ct_packed_convolution(
    const CTTensor *x, const CTTensor *packed, const CTTensor *bias, int64_t stride, int64_t padding, const CTTensor *added,
    CTTensor **out) {
  return guarded([&] {
    *out = own(convolve(
        x->value.contiguous(at::MemoryFormat::ChannelsLast), packed->value, optional(bias), stride, padding,
        added ? &added->value : nullptr));
  });
}
