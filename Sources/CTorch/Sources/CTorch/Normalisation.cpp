#include "DeviceKernels.hpp"
#include "Vectorised.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

using namespace fader;

/// Group normalisation of channels-last pictures with what follows it, reading the picture three times and writing it once.
///
/// libtorch's own channels-last kernel takes the variance as the mean of squares less the square of the mean, which loses up to two digits. Here
/// it is the mean of squared deviations.
namespace {

/// The pixels whose sums are taken in float32; sums of such blocks are taken in double.
constexpr int64_t block = 128;

/// What is done to each pixel of one picture.
struct Recipe {
  int64_t channels, height, width;
  /// Per channel.
  const float *mean, *scale, *shift;
  /// Per place and channel, for `modulation_height` × `modulation_width` places; null for none.
  const void *modulation_scale, *modulation_shift;
  int64_t modulation_height, modulation_width;
  bool activates;

  int64_t place(int64_t pixel) const {
    const int64_t row = pixel / width * modulation_height / height, column = pixel % width * modulation_width / width;
    return (row * modulation_width + column) * channels;
  }
};

template <typename Element>
FADER_INLINE void add_up(const Element *x, int64_t pixels, int64_t channels, float *sums) {
  for (int64_t pixel = 0; pixel < pixels; ++pixel) {
    for (int64_t channel = 0; channel < channels; channel += lane_width) {
      Lane sum, value;
      load(sum, sums + channel);
      load(value, x + pixel * channels + channel);
      store(sum + value, sums + channel);
    }
  }
}

template <typename Element>
FADER_INLINE void add_up_squares(const Element *x, int64_t pixels, int64_t channels, const float *means, float *sums) {
  for (int64_t pixel = 0; pixel < pixels; ++pixel) {
    for (int64_t channel = 0; channel < channels; channel += lane_width) {
      Lane sum, value, mean;
      load(sum, sums + channel);
      load(value, x + pixel * channels + channel);
      load(mean, means + channel);
      store(sum + (value - mean) * (value - mean), sums + channel);
    }
  }
}

template <typename Element>
FADER_INLINE void apply(const Element *x, Element *y, int64_t first, int64_t end, const Recipe &recipe) {
  for (int64_t pixel = first; pixel < end; ++pixel) {
    const int64_t place = recipe.modulation_scale ? recipe.place(pixel) : 0;
    for (int64_t channel = 0; channel < recipe.channels; channel += lane_width) {
      Lane value, mean, scale, shift;
      load(value, x + pixel * recipe.channels + channel);
      load(mean, recipe.mean + channel);
      load(scale, recipe.scale + channel);
      load(shift, recipe.shift + channel);
      value = (value - mean) * scale + shift;
      if (recipe.modulation_scale) {
        load(scale, static_cast<const Element *>(recipe.modulation_scale) + place + channel);
        load(shift, static_cast<const Element *>(recipe.modulation_shift) + place + channel);
        value = value * scale + shift;
      }
      if (recipe.activates) silu(value);
      store(value, y + pixel * recipe.channels + channel);
    }
  }
}

/// The three passes, for one type of element each.
struct Passes {
  void (*sums)(const void *, int64_t, int64_t, float *);
  void (*squares)(const void *, int64_t, int64_t, const float *, float *);
  void (*apply)(const void *, void *, int64_t, int64_t, const Recipe &);
};

FADER_VECTORISED void sums_of_floats(const void *x, int64_t pixels, int64_t channels, float *sums) {
  add_up(static_cast<const float *>(x), pixels, channels, sums);
}

FADER_VECTORISED void squares_of_floats(const void *x, int64_t pixels, int64_t channels, const float *means, float *sums) {
  add_up_squares(static_cast<const float *>(x), pixels, channels, means, sums);
}

FADER_VECTORISED void apply_to_floats(const void *x, void *y, int64_t first, int64_t end, const Recipe &recipe) {
  apply(static_cast<const float *>(x), static_cast<float *>(y), first, end, recipe);
}

FADER_VECTORISED void sums_of_halves(const void *x, int64_t pixels, int64_t channels, float *sums) {
  add_up(static_cast<const c10::BFloat16 *>(x), pixels, channels, sums);
}

FADER_VECTORISED void squares_of_halves(const void *x, int64_t pixels, int64_t channels, const float *means, float *sums) {
  add_up_squares(static_cast<const c10::BFloat16 *>(x), pixels, channels, means, sums);
}

FADER_VECTORISED void apply_to_halves(const void *x, void *y, int64_t first, int64_t end, const Recipe &recipe) {
  apply(static_cast<const c10::BFloat16 *>(x), static_cast<c10::BFloat16 *>(y), first, end, recipe);
}

constexpr Passes passes_of_floats{sums_of_floats, squares_of_floats, apply_to_floats};
constexpr Passes passes_of_halves{sums_of_halves, squares_of_halves, apply_to_halves};

/// The mean over each group of what `each` gathers per channel from blocks of pixels, repeated for each channel of the group.
template <typename Each>
std::vector<double> group_means(int64_t pixels, int64_t channels, int64_t groups, const Each &each) {
  const int64_t blocks = (pixels + block - 1) / block;
  std::vector<float> sums(blocks * channels);
  at::parallel_for(0, blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t index = begin; index < end; ++index) {
      each(index * block, std::min(block, pixels - index * block), sums.data() + index * channels);
    }
  });
  const int64_t width = channels / groups;
  std::vector<double> means(channels);
  for (int64_t index = 0; index < blocks; ++index) {
    for (int64_t channel = 0; channel < channels; ++channel) means[channel / width * width] += sums[index * channels + channel];
  }
  for (int64_t channel = 0; channel < channels; ++channel) {
    const int64_t first = channel / width * width;
    means[channel] = channel == first ? means[first] / (static_cast<double>(pixels) * width) : means[first];
  }
  return means;
}

/// One picture of the batch.
void normalise(
    const char *x, char *y, int64_t groups, const float *weight, const float *bias, double epsilon, Recipe recipe, const Passes &passes,
    int64_t element_size) {
  const int64_t channels = recipe.channels, pixels = recipe.height * recipe.width, row = channels * element_size;
  const auto means = group_means(pixels, channels, groups, [&](int64_t first, int64_t count, float *sums) {
    passes.sums(x + first * row, count, channels, sums);
  });
  const std::vector<float> mean(means.begin(), means.end());
  const auto variances = group_means(pixels, channels, groups, [&](int64_t first, int64_t count, float *sums) {
    passes.squares(x + first * row, count, channels, mean.data(), sums);
  });
  std::vector<float> scale(channels);
  for (int64_t channel = 0; channel < channels; ++channel) {
    scale[channel] = static_cast<float>(weight[channel] / std::sqrt(variances[channel] + epsilon));
  }
  recipe.mean = mean.data();
  recipe.scale = scale.data();
  recipe.shift = bias;
  at::parallel_for(0, pixels, block, [&](int64_t begin, int64_t end) { passes.apply(x, y, begin, end, recipe); });
}

/// By the passes above.
at::Tensor normalised(const at::Tensor &input, const NormOfGroups &norm) {
  const auto type = input.scalar_type();
  const int64_t batch = input.size(0), channels = input.size(1);
  const auto x = (norm.added ? input + norm.added->view({-1, 1, 1}) : input).contiguous(at::MemoryFormat::ChannelsLast);
  const auto weights = norm.weight.to(at::kFloat).contiguous(), biases = norm.bias.to(at::kFloat).contiguous();
  auto y = at::empty_like(x);
  Recipe recipe{channels, x.size(2), x.size(3), nullptr, nullptr, nullptr, nullptr, nullptr, 1, 1, norm.activates};
  at::Tensor scales, shifts;
  if (norm.scale) {
    scales = norm.scale->to(type).contiguous(at::MemoryFormat::ChannelsLast);
    shifts = norm.shift->to(type).contiguous(at::MemoryFormat::ChannelsLast);
    recipe.modulation_height = scales.size(2);
    recipe.modulation_width = scales.size(3);
  }
  const int64_t size = x.element_size(), picture = channels * x.size(2) * x.size(3) * size;
  const int64_t modulation = channels * recipe.modulation_height * recipe.modulation_width * size;
  for (int64_t index = 0; index < batch; ++index) {
    if (scales.defined()) {
      recipe.modulation_scale = static_cast<const char *>(scales.const_data_ptr()) + index * modulation;
      recipe.modulation_shift = static_cast<const char *>(shifts.const_data_ptr()) + index * modulation;
    }
    normalise(
        static_cast<const char *>(x.const_data_ptr()) + index * picture, static_cast<char *>(y.mutable_data_ptr()) + index * picture,
        norm.groups, floats(weights), floats(biases), norm.epsilon, recipe,
        type == at::kFloat ? passes_of_floats : passes_of_halves, size);
  }
  return y;
}

/// By libtorch's operations: on any device, in any type.
at::Tensor composed(const at::Tensor &x, const NormOfGroups &norm) {
  auto y = norm.added ? x + norm.added->view({-1, 1, 1}) : x;
  y = at::group_norm(y, norm.groups, norm.weight, norm.bias, norm.epsilon);
  if (norm.scale) {
    const auto spread = [&](const at::Tensor &tensor) {
      const bool is_one_place = tensor.size(2) == 1 && tensor.size(3) == 1;
      return is_one_place ? tensor : at::upsample_nearest2d(tensor, {x.size(2), x.size(3)});
    };
    y = y * spread(*norm.scale) + spread(*norm.shift);
  }
  return (norm.activates ? at::silu(y) : y).contiguous(at::MemoryFormat::ChannelsLast);
}

void require_fitting(const at::Tensor &x, const NormOfGroups &norm) {
  TORCH_CHECK(
      x.dim() == 4 && norm.groups > 0 && x.size(1) % norm.groups == 0 && x.numel() > 0, "channels must come in multiples of the groups, not ",
      x.sizes());
  TORCH_CHECK(norm.weight.numel() == x.size(1) && norm.bias.numel() == x.size(1), "one weight and one bias per channel are needed");
  TORCH_CHECK(!norm.added || norm.added->numel() == x.size(1), "one number to add per channel is needed");
  if (!norm.scale) return;
  TORCH_CHECK(
      norm.scale->dim() == 4 && norm.scale->size(0) == x.size(0) && norm.scale->size(1) == x.size(1) && norm.scale->numel() > 0 &&
          norm.scale->sizes() == norm.shift->sizes(),
      "scales and shifts must be alike and fit the picture's batch and channels, not ", norm.scale->sizes(), " and ", norm.shift->sizes());
}

/// Whether the passes above are for such pictures.
bool is_for_passes(const at::Tensor &x) {
  return x.is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16) && x.size(1) % lane_width == 0;
}

}  // namespace

CTStatus ct_modulated_group_norm(
    const CTTensor *x, const CTTensor *added, int64_t groups, const CTTensor *weight, const CTTensor *bias, double epsilon,
    const CTTensor *scale, const CTTensor *shift, bool activates, CTTensor **out) {
  return guarded([&] {
    const NormOfGroups norm{
        groups, weight->value, bias->value, epsilon, optional(added), shift ? optional(scale) : std::nullopt,
        scale ? optional(shift) : std::nullopt, activates};
    require_fitting(x->value, norm);
    if (is_for_passes(x->value)) {
      *out = own(normalised(x->value, norm));
    } else if (auto result = normalised_on_device(x->value, norm)) {
      *out = own(std::move(*result));
    } else {
      *out = own(composed(x->value, norm));
    }
  });
}

CTStatus ct_add_with_bias(const CTTensor *x, const CTTensor *bias, const CTTensor *added, CTTensor **out) {
  return guarded([&] {
    auto result = added_on_device(x->value, bias->value, added->value);
    *out = own(result ? std::move(*result) : x->value + bias->value.view({-1, 1, 1}) + added->value);
  });
}
