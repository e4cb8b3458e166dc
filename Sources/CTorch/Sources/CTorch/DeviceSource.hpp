#pragma once

namespace fader {

/// Kernels for NVIDIA's GPUs, which NVRTC compiles for the card at hand once for each type of `Element`: `Float`, `Half` or `BFloat16`.
///
/// Pictures are channels-last. Sums are taken in float32.
inline constexpr char device_source[] = R"cuda(
struct Float {
  float value;
  __device__ operator float() const { return value; }
  __device__ Float &operator=(float x) { value = x; return *this; }
};

struct Half {
  unsigned short bits;
  __device__ operator float() const {
    float x;
    asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(bits));
    return x;
  }
  __device__ Half &operator=(float x) {
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(x));
    return *this;
  }
};

struct BFloat16 {
  unsigned short bits;
  __device__ operator float() const { return __uint_as_float(static_cast<unsigned>(bits) << 16); }
  /// Rounds to the nearest, halves to even.
  __device__ BFloat16 &operator=(float x) {
    const unsigned wide = __float_as_uint(x);
    bits = x != x ? 0x7fff : (wide + 0x7fff + (wide >> 16 & 1)) >> 16;
    return *this;
  }
};

/// Neighbouring channels of a pixel, read and written at once.
template <int width>
struct alignas(width * sizeof(ELEMENT)) Channels {
  ELEMENT of[width];
};

/// How many numbers there are, their mean, and the sum of their squared deviations from it.
struct Moments {
  float count, mean, squares;
};

/// Those of two sets together (Chan, Golub & LeVeque 1979).
__device__ Moments joined(Moments a, Moments b) {
  const float count = a.count + b.count;
  if (count == 0) return a;
  const float share = __fdividef(b.count, count), difference = b.mean - a.mean;
  return {count, a.mean + difference * share, a.squares + b.squares + difference * difference * (a.count * share)};
}

constexpr int lanes = 32, most_warps = 16;

/// Joins those of all threads of a block; every thread gets the result.
__device__ Moments joined_in_block(Moments moments, Moments *of_warps) {
  for (int distance = lanes / 2; distance > 0; distance /= 2) {
    const Moments other = {
        __shfl_down_sync(0xffffffff, moments.count, distance), __shfl_down_sync(0xffffffff, moments.mean, distance),
        __shfl_down_sync(0xffffffff, moments.squares, distance)};
    moments = joined(moments, other);
  }
  if (threadIdx.x % lanes == 0) of_warps[threadIdx.x / lanes] = moments;
  __syncthreads();
  moments = of_warps[0];
  for (int warp = 1; warp < blockDim.x / lanes; ++warp) moments = joined(moments, of_warps[warp]);
  return moments;
}

/// Joins those of all blocks of a cluster, which are the blocks of one row of the grid.
__device__ Moments joined_in_cluster(Moments moments, Moments *of_block) {
#if __CUDA_ARCH__ >= 900
  if (gridDim.x == 1) return moments;
  if (threadIdx.x == 0) *of_block = moments;
  __cluster_barrier_arrive();
  __cluster_barrier_wait();
  moments = *static_cast<const Moments *>(__cluster_map_shared_rank(of_block, 0));
  for (unsigned block = 1; block < gridDim.x; ++block) {
    moments = joined(moments, *static_cast<const Moments *>(__cluster_map_shared_rank(of_block, block)));
  }
  // No block may end while others read its memory.
  __cluster_barrier_arrive();
  __cluster_barrier_wait();
#endif
  return moments;
}

/// What a group normalisation reads and writes.
struct Norm {
  const ELEMENT *x;
  ELEMENT *y;
  /// What is added to each channel first; may be null.
  const ELEMENT *added;
  const ELEMENT *weight, *bias;
  /// For each place of a picture of `modulation_height` × `modulation_width`; may be null.
  const ELEMENT *scale, *shift;
  /// How far scales and shifts lie apart in memory, from picture to picture and from place to place.
  int picture_stride, place_stride;
  int channels, group_width, height, width, modulation_height, modulation_width;
  float epsilon;
  int activates;
};

/// Blocks (i, group, picture) normalise a group of channels of a picture together. A thread takes the same channels of each of its pixels.
template <int width>
__device__ void normalise(const Norm &norm) {
  __shared__ Moments of_warps[most_warps], of_block;
  using Pack = Channels<width>;
  const int packs = norm.group_width / width, rows = blockDim.x / packs, row = threadIdx.x / packs;
  const int channel = blockIdx.y * norm.group_width + threadIdx.x % packs * width;
  const int pixels = norm.height * norm.width, parts = gridDim.x, part = (pixels + parts - 1) / parts, number = blockIdx.x;
  // The thread's own pixels.
  const int first = number * part + row, end = row < rows ? min(number * part + part, pixels) : 0;
  const ELEMENT *x = norm.x + blockIdx.z * pixels * norm.channels + channel;
  float added[width] = {};
  if (norm.added && row < rows) {
    const Pack pack = *reinterpret_cast<const Pack *>(norm.added + channel);
    for (int i = 0; i < width; ++i) added[i] = pack.of[i];
  }

  // Deviations from a number of the thread's own, so that their squares lose nothing.
  Moments moments = {0, 0, 0};
  if (first < end) {
    const float origin = static_cast<float>(x[first * norm.channels]) + added[0];
    float sum = 0, squares = 0;
#pragma unroll 4
    for (int pixel = first; pixel < end; pixel += rows) {
      const Pack pack = *reinterpret_cast<const Pack *>(x + pixel * norm.channels);
      for (int i = 0; i < width; ++i) {
        const float deviation = static_cast<float>(pack.of[i]) + added[i] - origin;
        sum += deviation;
        squares += deviation * deviation;
      }
    }
    const float count = static_cast<float>(((end - first + rows - 1) / rows * width));
    moments = {count, origin + sum / count, max(squares - sum * (sum / count), 0.0f)};
    // A number that is not finite must show.
    if (!(squares - squares == 0)) moments.squares = squares;
  }
  moments = joined_in_cluster(joined_in_block(moments, of_warps), &of_block);
  if (row >= rows) return;

  const float inverse = rsqrtf(moments.squares / moments.count + norm.epsilon);
  const Pack weight = *reinterpret_cast<const Pack *>(norm.weight + channel), bias = *reinterpret_cast<const Pack *>(norm.bias + channel);
  float mean[width], scale[width], shift[width];
  for (int i = 0; i < width; ++i) {
    mean[i] = moments.mean - added[i];
    scale[i] = static_cast<float>(weight.of[i]) * inverse;
    shift[i] = bias.of[i];
  }
  ELEMENT *y = norm.y + blockIdx.z * pixels * norm.channels + channel;
  const int modulation = blockIdx.z * norm.picture_stride + channel;
  for (int pixel = first; pixel < end; pixel += rows) {
    const Pack pack = *reinterpret_cast<const Pack *>(x + pixel * norm.channels);
    float values[width];
    for (int i = 0; i < width; ++i) values[i] = (static_cast<float>(pack.of[i]) - mean[i]) * scale[i] + shift[i];
    if (norm.scale) {
      const int place_row = pixel / norm.width * norm.modulation_height / norm.height;
      const int place_column = pixel % norm.width * norm.modulation_width / norm.width;
      const int place = modulation + (place_row * norm.modulation_width + place_column) * norm.place_stride;
      const Pack scales = *reinterpret_cast<const Pack *>(norm.scale + place), shifts = *reinterpret_cast<const Pack *>(norm.shift + place);
      for (int i = 0; i < width; ++i) values[i] = values[i] * static_cast<float>(scales.of[i]) + static_cast<float>(shifts.of[i]);
    }
    Pack result;
    for (int i = 0; i < width; ++i) result.of[i] = norm.activates ? __fdividef(values[i], 1 + __expf(-values[i])) : values[i];
    *reinterpret_cast<Pack *>(y + pixel * norm.channels) = result;
  }
}

extern "C" __global__ void __launch_bounds__(most_warps * lanes) normalise_1(const Norm norm) { normalise<1>(norm); }
extern "C" __global__ void __launch_bounds__(most_warps * lanes) normalise_4(const Norm norm) { normalise<4>(norm); }

/// y = x + added + bias of the channel; a thread takes four channels of a pixel.
extern "C" __global__ void add(
    const ELEMENT *x, const ELEMENT *added, const ELEMENT *bias, ELEMENT *y, const int packs, const int packs_per_pixel) {
  using Pack = Channels<4>;
  const int index = blockIdx.x * blockDim.x + threadIdx.x;
  if (index >= packs) return;
  const Pack a = reinterpret_cast<const Pack *>(x)[index], b = reinterpret_cast<const Pack *>(added)[index];
  const Pack c = reinterpret_cast<const Pack *>(bias)[index % packs_per_pixel];
  Pack result;
  for (int i = 0; i < 4; ++i) {
    result.of[i] = static_cast<float>(a.of[i]) + static_cast<float>(c.of[i]) + static_cast<float>(b.of[i]);
  }
  reinterpret_cast<Pack *>(y)[index] = result;
}
)cuda";

}  // namespace fader
