#include "Guard.hpp"
#include "Vectorised.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

using namespace fader;

/// 3×3 convolutions with fewer multiplications (Winograd; Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
///
/// The picture is cut into tiles of m × m results, m = 2 or 4. A tile and the weights are transformed so that the convolution becomes
/// (m + 2)² matrix products over the channels: 2.25 or 4 times fewer multiplications than the direct form.
namespace {

/// The sizes of one call; `x` and `y` are `[batch, height, width, channels]` in memory.
struct Tiling {
  int64_t height, width, inputs, outputs;
  int64_t rows, columns;

  int64_t per_picture() const { return rows * columns; }
};

/// How many numbers the transformed tiles of one pass may take, so that they stay in the processor's cache.
constexpr int64_t pass_elements = 3'000'000;

template <int results>
struct Transform;

template <>
struct Transform<2> {
  static constexpr int side = 4;

  static FADER_INLINE void input(const Lane *d, int stride, Lane *v, int step) {
    v[0 * step] = d[0 * stride] - d[2 * stride];
    v[1 * step] = d[1 * stride] + d[2 * stride];
    v[2 * step] = d[2 * stride] - d[1 * stride];
    v[3 * step] = d[1 * stride] - d[3 * stride];
  }

  static FADER_INLINE void output(const Lane *m, int stride, Lane *y, int step) {
    y[0 * step] = m[0 * stride] + m[1 * stride] + m[2 * stride];
    y[1 * step] = m[1 * stride] - m[2 * stride] - m[3 * stride];
  }

  static at::Tensor weights() {
    return at::tensor({1.0, 0.0, 0.0, 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0.0, 0.0, 1.0}, at::kDouble).reshape({4, 3});
  }
};

template <>
struct Transform<4> {
  static constexpr int side = 6;

  static FADER_INLINE void input(const Lane *d, int stride, Lane *v, int step) {
    const Lane d0 = d[0], d1 = d[stride], d2 = d[2 * stride], d3 = d[3 * stride], d4 = d[4 * stride], d5 = d[5 * stride];
    const Lane even = d4 - 4.0f * d2, odd = d3 - 4.0f * d1;
    const Lane even2 = d4 - d2, odd2 = 2.0f * (d3 - d1);
    v[0 * step] = 4.0f * d0 - 5.0f * d2 + d4;
    v[1 * step] = even + odd;
    v[2 * step] = even - odd;
    v[3 * step] = even2 + odd2;
    v[4 * step] = even2 - odd2;
    v[5 * step] = 4.0f * d1 - 5.0f * d3 + d5;
  }

  static FADER_INLINE void output(const Lane *m, int stride, Lane *y, int step) {
    const Lane sum = m[stride] + m[2 * stride], difference = m[stride] - m[2 * stride];
    const Lane sum2 = m[3 * stride] + m[4 * stride], difference2 = m[3 * stride] - m[4 * stride];
    y[0 * step] = m[0] + sum + sum2;
    y[1 * step] = difference + 2.0f * difference2;
    y[2 * step] = sum + 4.0f * sum2;
    y[3 * step] = difference + 8.0f * difference2 + m[5 * stride];
  }

  static at::Tensor weights() {
    const double a = 1.0 / 6, b = 1.0 / 12, c = 1.0 / 24;
    return at::tensor({0.25, 0.0, 0.0, -a, -a, -a, -a, a, -a, c, b, a, c, -b, a, 0.0, 0.0, 1.0}, at::kDouble).reshape({6, 3});
  }
};

/// Transforms one tile whose first result is at (`top`, `left`): `v[k · distance + channel]`.
template <int results>
FADER_INLINE void input_tile(
    const float *x, const Tiling &sizes, int64_t top, int64_t left, float *v, int64_t distance) {
  constexpr int side = Transform<results>::side;
  for (int64_t channel = 0; channel < sizes.inputs; channel += lane_width) {
    Lane pixels[side * side], half[side * side], whole[side * side];
    for (int i = 0; i < side; ++i) {
      for (int j = 0; j < side; ++j) {
        const int64_t row = top + i - 1, column = left + j - 1;
        const bool inside = row >= 0 && row < sizes.height && column >= 0 && column < sizes.width;
        if (inside) {
          load(pixels[i * side + j], x + (row * sizes.width + column) * sizes.inputs + channel);
        } else {
          pixels[i * side + j] = Lane{};
        }
      }
    }
    for (int j = 0; j < side; ++j) Transform<results>::input(pixels + j, side, half + j, side);
    for (int i = 0; i < side; ++i) Transform<results>::input(half + i * side, 1, whole + i * side, 1);
    for (int k = 0; k < side * side; ++k) store(whole[k], v + k * distance + channel);
  }
}

/// Turns the products of one tile back into results and adds what is to be added.
template <int results>
FADER_INLINE void output_tile(
    const float *m, int64_t distance, const Tiling &sizes, int64_t top, int64_t left, const float *bias, const float *added, float *y) {
  constexpr int side = Transform<results>::side;
  const int rows = static_cast<int>(std::min<int64_t>(results, sizes.height - top));
  const int columns = static_cast<int>(std::min<int64_t>(results, sizes.width - left));
  for (int64_t channel = 0; channel < sizes.outputs; channel += lane_width) {
    Lane products[side * side], half[results * side], whole[results * results], offset{};
    for (int k = 0; k < side * side; ++k) load(products[k], m + k * distance + channel);
    for (int j = 0; j < side; ++j) Transform<results>::output(products + j, side, half + j, side);
    for (int i = 0; i < results; ++i) Transform<results>::output(half + i * side, 1, whole + i * results, 1);
    if (bias) load(offset, bias + channel);
    for (int i = 0; i < rows; ++i) {
      for (int j = 0; j < columns; ++j) {
        const int64_t place = ((top + i) * sizes.width + left + j) * sizes.outputs + channel;
        Lane value = whole[i * results + j] + offset;
        if (added) {
          Lane more;
          load(more, added + place);
          value += more;
        }
        store(value, y + place);
      }
    }
  }
}

FADER_VECTORISED void input_tiles_2(const float *x, const Tiling &sizes, int64_t tile, float *v, int64_t distance) {
  input_tile<2>(x, sizes, tile / sizes.columns * 2, tile % sizes.columns * 2, v, distance);
}

FADER_VECTORISED void input_tiles_4(const float *x, const Tiling &sizes, int64_t tile, float *v, int64_t distance) {
  input_tile<4>(x, sizes, tile / sizes.columns * 4, tile % sizes.columns * 4, v, distance);
}

FADER_VECTORISED void output_tiles_2(
    const float *m, int64_t distance, const Tiling &sizes, int64_t tile, const float *bias, const float *added, float *y) {
  output_tile<2>(m, distance, sizes, tile / sizes.columns * 2, tile % sizes.columns * 2, bias, added, y);
}

FADER_VECTORISED void output_tiles_4(
    const float *m, int64_t distance, const Tiling &sizes, int64_t tile, const float *bias, const float *added, float *y) {
  output_tile<4>(m, distance, sizes, tile / sizes.columns * 4, tile % sizes.columns * 4, bias, added, y);
}

int64_t results_of(const at::Tensor &transformed) { return transformed.size(0) == 36 ? 4 : 2; }

/// `weight [out, in, 3, 3]` → `[(m + 2)², in, out]`, computed in double, a few input channels at a time to save memory.
at::Tensor transformed_weights(const at::Tensor &weight, int64_t results) {
  TORCH_CHECK(weight.dim() == 4 && weight.size(2) == 3 && weight.size(3) == 3, "a 3×3 weight is needed, not ", weight.sizes());
  TORCH_CHECK(results == 2 || results == 4, "tiles have 2 or 4 results a side, not ", results);
  TORCH_CHECK(
      weight.size(0) % lane_width == 0 && weight.size(1) % lane_width == 0, "channels must come in multiples of ", lane_width, ", not ",
      weight.sizes());
  const auto matrix = results == 4 ? Transform<4>::weights() : Transform<2>::weights();
  const int64_t side = results + 2, outputs = weight.size(0), inputs = weight.size(1);
  auto whole = at::empty({side * side, inputs, outputs}, at::kFloat);
  for (int64_t first = 0; first < inputs; first += 64) {
    const int64_t count = std::min<int64_t>(64, inputs - first);
    const auto slice = weight.narrow(1, first, count).to(at::kDouble);
    const auto rows = at::tensordot(matrix, slice, {1}, {2});  // [side, out, in, 3]
    const auto both = at::tensordot(matrix, rows, {1}, {3});   // [side, side, out, in], columns first
    whole.narrow(1, first, count).copy_(both.transpose(0, 1).transpose(2, 3).reshape({side * side, count, outputs}));
  }
  return whole;
}

/// One pass: tiles `first ..< first + count` of one picture.
void convolve_tiles(
    const float *x, const at::Tensor &transformed, const float *bias, const float *added, float *y, const Tiling &sizes, int64_t first,
    int64_t count) {
  const bool large = results_of(transformed) == 4;
  const auto tiles = at::empty({transformed.size(0), count, sizes.inputs}, at::kFloat);
  auto *v = tiles.mutable_data_ptr<float>();
  at::parallel_for(0, count, 4, [&](int64_t begin, int64_t end) {
    for (int64_t tile = begin; tile < end; ++tile) {
      (large ? input_tiles_4 : input_tiles_2)(x, sizes, first + tile, v + tile * sizes.inputs, count * sizes.inputs);
    }
  });
  const auto products = at::bmm(tiles, transformed);
  const auto *m = products.const_data_ptr<float>();
  at::parallel_for(0, count, 4, [&](int64_t begin, int64_t end) {
    for (int64_t tile = begin; tile < end; ++tile) {
      (large ? output_tiles_4 : output_tiles_2)(
          m + tile * sizes.outputs, count * sizes.outputs, sizes, first + tile, bias, added, y);
    }
  });
}

at::Tensor convolve(const at::Tensor &input, const at::Tensor &transformed, const at::Tensor *bias, const at::Tensor *residual) {
  TORCH_CHECK(
      input.dim() == 4 && input.scalar_type() == at::kFloat && input.size(1) == transformed.size(1), "a float32 picture with ",
      transformed.size(1), " channels is needed, not ", input.sizes());
  const auto x = input.contiguous(at::MemoryFormat::ChannelsLast);
  const int64_t results = results_of(transformed);
  Tiling sizes{x.size(2), x.size(3), x.size(1), transformed.size(2), 0, 0};
  sizes.rows = (sizes.height + results - 1) / results;
  sizes.columns = (sizes.width + results - 1) / results;
  auto y = at::empty({x.size(0), sizes.outputs, sizes.height, sizes.width}, x.options(), at::MemoryFormat::ChannelsLast);
  TORCH_CHECK(!residual || residual->sizes() == y.sizes(), "what is added must have the result's shape ", y.sizes());
  TORCH_CHECK(
      !bias || (bias->numel() == sizes.outputs && bias->scalar_type() == at::kFloat && bias->is_contiguous()),
      "one bias per channel in float32 is needed");
  const auto added = residual ? residual->to(at::kFloat).contiguous(at::MemoryFormat::ChannelsLast) : at::Tensor();
  const int64_t step = std::max<int64_t>(64, pass_elements / (transformed.size(0) * (sizes.inputs + sizes.outputs)));
  for (int64_t picture = 0; picture < x.size(0); ++picture) {
    const int64_t start = picture * sizes.height * sizes.width;
    for (int64_t first = 0; first < sizes.per_picture(); first += step) {
      convolve_tiles(
          x.const_data_ptr<float>() + start * sizes.inputs, transformed, bias ? bias->const_data_ptr<float>() : nullptr,
          residual ? added.const_data_ptr<float>() + start * sizes.outputs : nullptr,
          y.mutable_data_ptr<float>() + start * sizes.outputs, sizes, first, std::min(step, sizes.per_picture() - first));
    }
  }
  return y;
}

}  // namespace

CTStatus ct_winograd_weights(const CTTensor *weight, int64_t results, CTTensor **out) {
  return guarded([&] { *out = own(transformed_weights(weight->value, results)); });
}

CTStatus ct_winograd_convolution(
    const CTTensor *x, const CTTensor *transformed, const CTTensor *bias, const CTTensor *added, CTTensor **out) {
  return guarded([&] {
    *out = own(convolve(x->value, transformed->value, bias ? &bias->value : nullptr, added ? &added->value : nullptr));
  });
}
