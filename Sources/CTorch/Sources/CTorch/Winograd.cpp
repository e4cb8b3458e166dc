#include "Guard.hpp"
#include "Vectorised.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

using namespace fader;

/// 3×3 convolutions with fewer multiplications (Winograd; Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
///
/// The picture is cut into tiles of m × m results, m = 2 or 4. A tile and the weights are transformed so that the convolution becomes
/// (m + 2)² matrix products over the channels: 2.25 or 4 times fewer multiplications than the direct form. Transformed weights are 1.8 or 4 times
/// as large; they are made anew at every call, a row of the products at a time, which costs less memory and no more time than reading them would.
namespace {

/// How many numbers the transformed tiles of one pass and their products may take, so that they stay in the processor's cache.
constexpr int64_t pass_elements = 8'000'000;

/// With fewer tiles, transforming the weights takes longer than is saved.
constexpr int64_t least_tiles = 64;

/// Where a tile's first result is.
struct Place {
  int64_t picture, top, left;
};

/// The sizes of one call; `x` and `y` are `[batch, height, width, channels]` in memory. The tiles of all pictures are counted on.
struct Tiling {
  int64_t batch, height, width, inputs, outputs, results;
  int64_t rows, columns;

  Tiling(const at::Tensor &x, int64_t outputs, int64_t results)
      : batch(x.size(0)), height(x.size(2)), width(x.size(3)), inputs(x.size(1)), outputs(outputs), results(results),
        rows((height + results - 1) / results), columns((width + results - 1) / results) {}

  int64_t tiles() const { return batch * rows * columns; }
  /// Whether there are enough tiles. A picture decides alone, so that it is the same in every batch.
  bool pays() const { return rows * columns >= least_tiles; }
  Place place(int64_t tile) const {
    const int64_t index = tile % (rows * columns);
    return {tile / (rows * columns), index / columns * results, index % columns * results};
  }
  /// The number of pixels before a place's row 0 and column 0.
  int64_t first_pixel(const Place &place) const { return place.picture * height * width; }
  /// How many matrix products there are.
  int64_t products() const { return (results + 2) * (results + 2); }
  int64_t tiles_per_pass() const { return std::max<int64_t>(least_tiles, pass_elements / (products() * (inputs + outputs))); }
};

/// What is added to the results: one number per channel, and a picture of their own size; null for nothing.
struct Sums {
  const float *bias, *added;
};

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

  /// What each of three weights in a row contributes to each product.
  static constexpr float weights[side][3] = {{1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0.5f, -0.5f, 0.5f}, {0, 0, 1}};
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

  static constexpr float a = 1.0f / 6, b = 1.0f / 12, c = 1.0f / 24;
  static constexpr float weights[side][3] = {{0.25f, 0, 0}, {-a, -a, -a}, {-a, a, -a}, {c, b, a}, {c, -b, a}, {0, 0, 1}};
};

/// Transforms one tile: `v[k · distance + channel]`.
template <int results>
FADER_INLINE void input_tile(const float *x, const Tiling &sizes, int64_t tile, float *v, int64_t distance) {
  constexpr int side = Transform<results>::side;
  const Place place = sizes.place(tile);
  const float *picture = x + sizes.first_pixel(place) * sizes.inputs;
  for (int64_t channel = 0; channel < sizes.inputs; channel += lane_width) {
    Lane pixels[side * side], half[side * side], whole[side * side];
    for (int i = 0; i < side; ++i) {
      for (int j = 0; j < side; ++j) {
        const int64_t row = place.top + i - 1, column = place.left + j - 1;
        const bool inside = row >= 0 && row < sizes.height && column >= 0 && column < sizes.width;
        if (inside) {
          load(pixels[i * side + j], picture + (row * sizes.width + column) * sizes.inputs + channel);
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

/// Turns the products of one tile, `m[k · distance + output]` back into results and adds what is to be added.
template <int results>
FADER_INLINE void output_tile(const float *m, int64_t distance, const Tiling &sizes, int64_t tile, const Sums &sums, float *y) {
  constexpr int side = Transform<results>::side;
  const Place place = sizes.place(tile);
  const int64_t first = sizes.first_pixel(place) + place.top * sizes.width + place.left;
  const int rows = static_cast<int>(std::min<int64_t>(results, sizes.height - place.top));
  const int columns = static_cast<int>(std::min<int64_t>(results, sizes.width - place.left));
  for (int64_t channel = 0; channel < sizes.outputs; channel += lane_width) {
    Lane products[side * side], half[results * side], whole[results * results], offset{};
    for (int k = 0; k < side * side; ++k) load(products[k], m + k * distance + channel);
    for (int j = 0; j < side; ++j) Transform<results>::output(products + j, side, half + j, side);
    for (int i = 0; i < results; ++i) Transform<results>::output(half + i * side, 1, whole + i * results, 1);
    if (sums.bias) load(offset, sums.bias + channel);
    for (int i = 0; i < rows; ++i) {
      for (int j = 0; j < columns; ++j) {
        const int64_t position = (first + i * sizes.width + j) * sizes.outputs + channel;
        Lane value = whole[i * results + j] + offset;
        if (sums.added) {
          Lane more;
          load(more, sums.added + position);
          value += more;
        }
        store(value, y + position);
      }
    }
  }
}

/// Transforms what one input contributes to every output, for one row of the products: `u[j · distance + output]` from `weights [3, 3, in, out]`.
template <int results>
FADER_INLINE void weights_row(const float *weights, const Tiling &sizes, int row, int64_t input, float *u, int64_t distance) {
  constexpr int side = Transform<results>::side;
  const float *by = Transform<results>::weights[row];
  for (int64_t channel = 0; channel < sizes.outputs; channel += lane_width) {
    Lane half[3];
    for (int j = 0; j < 3; ++j) {
      Lane taps[3];
      for (int i = 0; i < 3; ++i) load(taps[i], weights + ((3 * i + j) * sizes.inputs + input) * sizes.outputs + channel);
      half[j] = by[0] * taps[0] + by[1] * taps[1] + by[2] * taps[2];
    }
    for (int j = 0; j < side; ++j) {
      const float *across = Transform<results>::weights[j];
      store(across[0] * half[0] + across[1] * half[1] + across[2] * half[2], u + j * distance + channel);
    }
  }
}

FADER_VECTORISED void input_tiles_2(const float *x, const Tiling &sizes, int64_t tile, float *v, int64_t distance) {
  input_tile<2>(x, sizes, tile, v, distance);
}

FADER_VECTORISED void input_tiles_4(const float *x, const Tiling &sizes, int64_t tile, float *v, int64_t distance) {
  input_tile<4>(x, sizes, tile, v, distance);
}

FADER_VECTORISED void output_tiles_2(
    const float *m, int64_t distance, const Tiling &sizes, int64_t tile, const Sums &sums, float *y) {
  output_tile<2>(m, distance, sizes, tile, sums, y);
}

FADER_VECTORISED void output_tiles_4(
    const float *m, int64_t distance, const Tiling &sizes, int64_t tile, const Sums &sums, float *y) {
  output_tile<4>(m, distance, sizes, tile, sums, y);
}

FADER_VECTORISED void weights_row_2(const float *weights, const Tiling &sizes, int row, int64_t input, float *u, int64_t distance) {
  weights_row<2>(weights, sizes, row, input, u, distance);
}

FADER_VECTORISED void weights_row_4(const float *weights, const Tiling &sizes, int row, int64_t input, float *u, int64_t distance) {
  weights_row<4>(weights, sizes, row, input, u, distance);
}

/// `weight [out, in, 3, 3]` → `[3, 3, in, out]`.
at::Tensor arranged_weights(const at::Tensor &weight) {
  TORCH_CHECK(weight.dim() == 4 && weight.size(2) == 3 && weight.size(3) == 3, "a 3×3 weight is needed, not ", weight.sizes());
  TORCH_CHECK(
      weight.size(0) % lane_width == 0 && weight.size(1) % lane_width == 0, "channels must come in multiples of ", lane_width, ", not ",
      weight.sizes());
  // In two steps that libtorch has fast forms of; in one, the published U-Net took twenty seconds.
  const int64_t outputs = weight.size(0), inputs = weight.size(1);
  const auto turned = weight.reshape({outputs, inputs * 9}).t().contiguous().view({inputs, 9, outputs});
  return turned.transpose(0, 1).contiguous().view({3, 3, inputs, outputs});
}

/// The transformed weights of one row of the products at a time, [m + 2, in, out].
class WeightRows {
 public:
  WeightRows(const float *weights, const Tiling &sizes)
      : weights_(weights), sizes_(sizes), row_(at::empty({sizes.results + 2, sizes.inputs, sizes.outputs}, at::kFloat)) {}

  const at::Tensor &operator()(int row) {
    auto *u = row_.mutable_data_ptr<float>();
    at::parallel_for(0, sizes_.inputs, 4, [&](int64_t begin, int64_t end) {
      for (int64_t input = begin; input < end; ++input) {
        (sizes_.results == 4 ? weights_row_4 : weights_row_2)(
            weights_, sizes_, row, input, u + input * sizes_.outputs, sizes_.inputs * sizes_.outputs);
      }
    });
    return row_;
  }

 private:
  const float *weights_;
  const Tiling &sizes_;
  at::Tensor row_;
};

/// One pass: tiles `first ..< first + count`.
void convolve_tiles(const float *x, WeightRows &weights, const Sums &sums, float *y, const Tiling &sizes, int64_t first, int64_t count) {
  const bool large = sizes.results == 4;
  const int64_t side = sizes.results + 2;
  const auto tiles = at::empty({side * side, count, sizes.inputs}, at::kFloat);
  auto *v = tiles.mutable_data_ptr<float>();
  at::parallel_for(0, count, 4, [&](int64_t begin, int64_t end) {
    for (int64_t tile = begin; tile < end; ++tile) {
      (large ? input_tiles_4 : input_tiles_2)(x, sizes, first + tile, v + tile * sizes.inputs, count * sizes.inputs);
    }
  });
  const auto products = at::empty({side * side, count, sizes.outputs}, at::kFloat);
  for (int row = 0; row < side; ++row) {
    auto part = products.narrow(0, row * side, side);
    at::bmm_out(part, tiles.narrow(0, row * side, side), weights(row));
  }
  const auto *m = floats(products);
  at::parallel_for(0, count, 4, [&](int64_t begin, int64_t end) {
    for (int64_t tile = begin; tile < end; ++tile) {
      (large ? output_tiles_4 : output_tiles_2)(
          m + tile * sizes.outputs, count * sizes.outputs, sizes, first + tile, sums, y);
    }
  });
}

/// For small pictures: one product of every pixel's neighbourhood with the weights as they are. oneDNN would reorder these at every call, which at
/// 8 × 8 pixels takes three times as long as the product.
at::Tensor convolve_directly(const at::Tensor &x, const at::Tensor &weights, const at::Tensor *bias, const at::Tensor *residual) {
  const int64_t height = x.size(2), width = x.size(3), inputs = x.size(1), outputs = weights.size(3);
  const auto padded = at::constant_pad_nd(x.permute({0, 2, 3, 1}), {0, 0, 1, 1, 1, 1});
  const auto neighbourhoods = padded.unfold(1, height, 1).unfold(2, width, 1).permute({0, 4, 5, 1, 2, 3}).reshape({-1, 9 * inputs});
  const auto matrix = weights.view({9 * inputs, outputs});
  const auto products = bias ? at::addmm(*bias, neighbourhoods, matrix) : at::mm(neighbourhoods, matrix);
  auto result = products.view({x.size(0), height, width, outputs}).permute({0, 3, 1, 2});
  return residual ? result.add_(*residual) : result;
}

at::Tensor convolve(const at::Tensor &input, const at::Tensor &weights, const at::Tensor *bias, const at::Tensor *residual) {
  TORCH_CHECK(
      weights.dim() == 4 && weights.scalar_type() == at::kFloat && weights.is_contiguous() && weights.size(3) % lane_width == 0,
      "weights in the order [3, 3, in, out] in float32 are needed, not ", weights.sizes());
  TORCH_CHECK(
      input.dim() == 4 && input.scalar_type() == at::kFloat && input.size(1) == weights.size(2), "a float32 picture with ",
      weights.size(2), " channels is needed, not ", input.sizes());
  const auto x = input.contiguous(at::MemoryFormat::ChannelsLast);
  const Tiling large(x, weights.size(3), 4), small(x, weights.size(3), 2);
  const Tiling &sizes = large.pays() ? large : small;
  const int64_t shape[] = {x.size(0), sizes.outputs, sizes.height, sizes.width};
  TORCH_CHECK(!residual || residual->sizes() == shape, "what is added must have the result's shape ", at::IntArrayRef(shape));
  TORCH_CHECK(
      !bias || (bias->numel() == sizes.outputs && bias->scalar_type() == at::kFloat && bias->is_contiguous()),
      "one bias per channel in float32 is needed");
  if (!sizes.pays()) return convolve_directly(x, weights, bias, residual);
  auto y = at::empty(shape, x.options(), at::MemoryFormat::ChannelsLast);
  const auto added = residual ? residual->to(at::kFloat).contiguous(at::MemoryFormat::ChannelsLast) : at::Tensor();
  WeightRows rows(floats(weights), sizes);
  const int64_t pass = sizes.tiles_per_pass();
  const Sums sums{bias ? floats(*bias) : nullptr, residual ? floats(added) : nullptr};
  for (int64_t first = 0; first < sizes.tiles(); first += pass) {
    convolve_tiles(
        floats(x), rows, sums, y.mutable_data_ptr<float>(), sizes, first, std::min(pass, sizes.tiles() - first));
  }
  return y;
}

}  // namespace

CTStatus ct_winograd_weights(const CTTensor *weight, CTTensor **out) {
  return guarded([&] { *out = own(arranged_weights(weight->value)); });
}

CTStatus ct_winograd_convolution(
    const CTTensor *x, const CTTensor *weights, const CTTensor *bias, const CTTensor *added, CTTensor **out) {
  return guarded([&] {
    *out = own(convolve(x->value, weights->value, bias ? &bias->value : nullptr, added ? &added->value : nullptr));
  });
}
