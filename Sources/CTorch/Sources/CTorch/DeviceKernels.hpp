#pragma once

#include "Guard.hpp"

namespace fader {

/// What is done to a picture `[batch, channels, height, width]` by `ct_modulated_group_norm`.
struct NormOfGroups {
  int64_t groups;
  at::Tensor weight, bias;
  double epsilon;
  /// `[channels]`, added first.
  std::optional<at::Tensor> added;
  /// Both or none, `[batch, channels, h, w]`.
  std::optional<at::Tensor> scale, shift;
  bool activates;
};

/// The result by our own kernel; none where that cannot be had, and libtorch's operations have to do.
std::optional<at::Tensor> normalised_on_device(const at::Tensor &x, const NormOfGroups &norm);

/// `x + bias of the channel + added` by our own kernel; none where that cannot be had.
std::optional<at::Tensor> added_on_device(const at::Tensor &x, const at::Tensor &bias, const at::Tensor &added);

}  // namespace fader
