#include "Guard.hpp"

#include <ATen/Context.h>

#ifdef CTORCH_CUDA
#include <c10/cuda/CUDAGuard.h>

#include <cuda_runtime_api.h>

#include <cstring>
#endif

using namespace fader;

static void set_precision(at::Float32Precision precision) {
  for (const auto operation : {at::Float32Op::CONV, at::Float32Op::MATMUL}) {
    at::globalContext().setFloat32Precision(at::Float32Backend::CUDA, operation, precision);
  }
}

void ct_cuda_use_full_float32(void) {
  guarded([] { set_precision(at::Float32Precision::IEEE); });
}

void ct_cuda_use_fast_float32(void) {
  guarded([] {
    set_precision(at::Float32Precision::TF32);
    at::globalContext().setBenchmarkCuDNN(true);
  });
}

#ifdef CTORCH_CUDA

CTStatus ct_cuda_describe(int32_t index, CTCudaDevice *out) {
  return guarded([&] {
    const c10::cuda::CUDAGuard scope(static_cast<c10::DeviceIndex>(index));
    cudaDeviceProp properties;
    size_t available = 0, total = 0;
    C10_CUDA_CHECK(cudaGetDeviceProperties(&properties, index));
    C10_CUDA_CHECK(cudaMemGetInfo(&available, &total));
    *out = CTCudaDevice{};
    std::strncpy(out->name, properties.name, sizeof(out->name) - 1);
    out->major = properties.major;
    out->minor = properties.minor;
    out->available_bytes = static_cast<int64_t>(available);
    out->total_bytes = static_cast<int64_t>(total);
  });
}

#else

CTStatus ct_cuda_describe(int32_t, CTCudaDevice *) {
  return guarded([] { TORCH_CHECK(false, "this build knows nothing of CUDA devices: it was made without CUDA's headers"); });
}

#endif
