#include "Guard.hpp"

using namespace fader;

static at::Tensor unary(CTUnary operation, const at::Tensor &a) {
  switch (operation) {
    case CT_NEGATE: return at::neg(a);
    case CT_SILU: return at::silu(a);
    case CT_GELU: return at::gelu(a);
    case CT_QUICK_GELU: return a * at::sigmoid(a * 1.702);
    case CT_RELU: return at::relu(a);
    case CT_EXP: return at::exp(a);
    case CT_LOG: return at::log(a);
    case CT_SQRT: return at::sqrt(a);
    case CT_RSQRT: return at::rsqrt(a);
    case CT_SIN: return at::sin(a);
    case CT_COS: return at::cos(a);
    case CT_ABS: return at::abs(a);
    case CT_SQUARE: return at::square(a);
    case CT_SIGMOID: return at::sigmoid(a);
    case CT_TANH: return at::tanh(a);
    case CT_IS_FINITE: return at::isfinite(a);
  }
  TORCH_CHECK(false, "unknown operation ", static_cast<int>(operation));
}

static at::Tensor binary(CTBinary operation, const at::Tensor &a, const at::Tensor &b) {
  switch (operation) {
    case CT_ADD: return at::add(a, b);
    case CT_SUBTRACT: return at::sub(a, b);
    case CT_MULTIPLY: return at::mul(a, b);
    case CT_DIVIDE: return at::div(a, b);
    case CT_MAXIMUM: return at::maximum(a, b);
    case CT_MINIMUM: return at::minimum(a, b);
    case CT_GREATER: return at::gt(a, b);
    case CT_GREATER_OR_EQUAL: return at::ge(a, b);
    case CT_EQUAL: return at::eq(a, b);
  }
  TORCH_CHECK(false, "unknown operation ", static_cast<int>(operation));
}

static at::Tensor binary_scalar(CTBinary operation, const at::Tensor &a, double b) {
  switch (operation) {
    case CT_ADD: return at::add(a, b);
    case CT_SUBTRACT: return at::sub(a, b);
    case CT_MULTIPLY: return at::mul(a, b);
    case CT_DIVIDE: return at::div(a, b);
    case CT_MAXIMUM: return at::clamp_min(a, b);
    case CT_MINIMUM: return at::clamp_max(a, b);
    case CT_GREATER: return at::gt(a, b);
    case CT_GREATER_OR_EQUAL: return at::ge(a, b);
    case CT_EQUAL: return at::eq(a, b);
  }
  TORCH_CHECK(false, "unknown operation ", static_cast<int>(operation));
}

static at::Tensor reduce(CTReduction operation, const at::Tensor &a, at::IntArrayRef dimensions, bool keep) {
  switch (operation) {
    case CT_SUM: return at::sum(a, dimensions, keep);
    case CT_MEAN: return at::mean(a, dimensions, keep);
    case CT_AMAX: return at::amax(a, dimensions, keep);
    case CT_AMIN: return at::amin(a, dimensions, keep);
    case CT_ALL: return at::all(a, dimensions, keep);
  }
  TORCH_CHECK(false, "unknown operation ", static_cast<int>(operation));
}

CTStatus ct_unary(CTUnary operation, const CTTensor *a, CTTensor **out) {
  return guarded([&] { *out = own(unary(operation, a->value)); });
}

CTStatus ct_binary(CTBinary operation, const CTTensor *a, const CTTensor *b, CTTensor **out) {
  return guarded([&] { *out = own(binary(operation, a->value, b->value)); });
}

CTStatus ct_binary_scalar(CTBinary operation, const CTTensor *a, double b, CTTensor **out) {
  return guarded([&] { *out = own(binary_scalar(operation, a->value, b)); });
}

CTStatus ct_clamp(const CTTensor *a, double lowest, double highest, CTTensor **out) {
  return guarded([&] { *out = own(at::clamp(a->value, lowest, highest)); });
}

CTStatus ct_where(const CTTensor *condition, const CTTensor *a, const CTTensor *b, CTTensor **out) {
  return guarded([&] { *out = own(at::where(condition->value.to(at::kBool), a->value, b->value)); });
}

CTStatus ct_round(const CTTensor *a, CTTensor **out) {
  return guarded([&] { *out = own(at::round(a->value)); });
}

CTStatus ct_reduce(CTReduction operation, const CTTensor *a, const int64_t *dimensions, int32_t count, bool keep, CTTensor **out) {
  return guarded([&] { *out = own(reduce(operation, a->value, at::IntArrayRef(dimensions, static_cast<size_t>(count)), keep)); });
}

CTStatus ct_argmax(const CTTensor *a, int64_t dimension, CTTensor **out) {
  return guarded([&] { *out = own(at::argmax(a->value, dimension)); });
}

CTStatus ct_top(const CTTensor *a, int64_t count, int64_t dimension, CTTensor **values, CTTensor **indices) {
  return guarded([&] {
    auto [top, where] = at::topk(a->value, count, dimension);
    *values = own(top);
    *indices = own(where);
  });
}

CTStatus ct_softmax(const CTTensor *a, int64_t dimension, CTTensor **out) {
  return guarded([&] { *out = own(at::softmax(a->value, dimension)); });
}

CTStatus ct_log_softmax(const CTTensor *a, int64_t dimension, CTTensor **out) {
  return guarded([&] { *out = own(at::log_softmax(a->value, dimension)); });
}

CTStatus ct_matmul(const CTTensor *a, const CTTensor *b, CTTensor **out) {
  return guarded([&] {
    const auto &left = a->value, &right = b->value;
    // matmul asks half a dozen other operations before it does the same.
    const bool is_batched = left.dim() == 3 && right.dim() == 3 && left.size(0) == right.size(0);
    *out = own(is_batched ? at::bmm(left, right) : at::matmul(left, right));
  });
}

CTStatus ct_linear(const CTTensor *x, const CTTensor *weight, const CTTensor *bias, CTTensor **out) {
  return guarded([&] { *out = own(at::linear(x->value, weight->value, optional(bias))); });
}

CTStatus ct_convolution(
    const CTTensor *x, const CTTensor *weight, const CTTensor *bias, int64_t stride, int64_t padding, CTTensor **out) {
  return guarded([&] { *out = own(at::conv2d(x->value, weight->value, optional(bias), stride, padding)); });
}

CTStatus ct_group_norm(
    const CTTensor *x, int64_t groups, const CTTensor *weight, const CTTensor *bias, double epsilon, CTTensor **out) {
  return guarded([&] { *out = own(at::group_norm(x->value, groups, optional(weight), optional(bias), epsilon)); });
}

CTStatus ct_layer_norm(const CTTensor *x, const CTTensor *weight, const CTTensor *bias, double epsilon, CTTensor **out) {
  return guarded([&] { *out = own(at::layer_norm(x->value, weight->value.sizes(), weight->value, optional(bias), epsilon)); });
}

CTStatus ct_attention(const CTTensor *q, const CTTensor *k, const CTTensor *v, bool causal, CTTensor **out) {
  return guarded([&] { *out = own(at::scaled_dot_product_attention(q->value, k->value, v->value, {}, 0.0, causal)); });
}

CTStatus ct_resize_nearest(const CTTensor *x, int64_t height, int64_t width, CTTensor **out) {
  return guarded([&] { *out = own(at::upsample_nearest2d(x->value, {height, width})); });
}

CTStatus ct_average_pool(const CTTensor *x, int64_t size, CTTensor **out) {
  return guarded([&] { *out = own(at::avg_pool2d(x->value, {size, size}, {size, size})); });
}

CTStatus ct_cross_entropy(const CTTensor *logits, const CTTensor *targets, CTTensor **out) {
  return guarded([&] { *out = own(at::cross_entropy_loss(logits->value, targets->value)); });
}
