#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/BFloat16.h>

#include <cstdint>
#include <cstring>

/// Compiles a function once per generation of processors; the loader picks the one that fits.
#if defined(__x86_64__)
#define FADER_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FADER_VECTORISED
#endif

#define FADER_INLINE inline __attribute__((always_inline))

namespace fader {

/// Sixteen neighbouring channels: one register with AVX-512, two with AVX2.
typedef float Lane __attribute__((vector_size(64)));
typedef int32_t LaneOfIntegers __attribute__((vector_size(64)));

constexpr int64_t lane_width = 16;

/// The numbers of a float32 tensor; `const_data_ptr<float>` of libtorch 2.11 has one name when g++ compiles it and another with clang.
inline const float *floats(const at::Tensor &tensor) { return static_cast<const float *>(tensor.const_data_ptr()); }

FADER_INLINE void load(Lane &lane, const float *from) { std::memcpy(&lane, from, sizeof(Lane)); }

FADER_INLINE void store(const Lane &lane, float *to) { std::memcpy(to, &lane, sizeof(Lane)); }

typedef uint16_t HalfLane __attribute__((vector_size(32)));
typedef uint32_t LaneOfBits __attribute__((vector_size(64)));

FADER_INLINE void load(Lane &lane, const c10::BFloat16 *from) {
  HalfLane upper;
  std::memcpy(&upper, from, sizeof(HalfLane));
  const LaneOfBits bits = __builtin_convertvector(upper, LaneOfBits) << 16;
  std::memcpy(&lane, &bits, sizeof(Lane));
}

/// Rounds to the nearest, halves to even.
FADER_INLINE void store(const Lane &lane, c10::BFloat16 *to) {
  LaneOfBits bits;
  std::memcpy(&bits, &lane, sizeof(Lane));
  const HalfLane upper = __builtin_convertvector((bits + 0x7fff + ((bits >> 16) & 1)) >> 16, HalfLane);
  std::memcpy(to, &upper, sizeof(HalfLane));
}

/// eˣ to within two units in the last place (Cephes' `expf`), for −87 ≤ x ≤ 87.
FADER_INLINE void exponential(Lane &x) {
  const float rounding = 12582912.0f;  // 1.5 · 2²³: adding and subtracting it rounds to an integer
  const Lane whole = (x * 1.44269504f + rounding) - rounding;
  const Lane r = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
  Lane p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const LaneOfIntegers power = (__builtin_convertvector(whole, LaneOfIntegers) + 127) << 23;
  Lane scale;
  std::memcpy(&scale, &power, sizeof(Lane));
  x = p * scale;
}

/// x · sigmoid(x).
FADER_INLINE void silu(Lane &x) {
  Lane e = -x;
  e = e < -87.0f ? Lane{} - 87.0f : e;
  e = e > 87.0f ? Lane{} + 87.0f : e;
  exponential(e);
  x = x / (1.0f + e);
}

}  // namespace fader
