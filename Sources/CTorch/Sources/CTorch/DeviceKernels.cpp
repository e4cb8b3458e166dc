#include "DeviceKernels.hpp"

#ifdef CTORCH_CUDA

#include "DeviceSource.hpp"

#include <ATen/core/grad_mode.h>
#include <c10/cuda/CUDAGuard.h>

#include <cuda.h>
#include <cuda_runtime_api.h>
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <future>
#include <map>
#include <mutex>

using namespace fader;

namespace {

/// The functions of NVRTC and of the driver, from the library by which libtorch itself reaches them.
struct Libraries {
  using Program = void *;
  int (*create)(Program *, const char *source, const char *name, int, const char *const *, const char *const *);
  int (*compile)(Program, int count, const char *const *options);
  int (*destroy)(Program *);
  int (*code_size)(Program, size_t *);
  int (*code)(Program, char *);
  int (*log_size)(Program, size_t *);
  int (*log)(Program, char *);
  decltype(&cuModuleLoadData) load;
  decltype(&cuModuleGetFunction) function;
  decltype(&cuLaunchKernelEx) launch;

  Libraries() {
    void *library = dlopen("libcaffe2_nvrtc.so", RTLD_NOW | RTLD_LOCAL);
    TORCH_CHECK(library, "NVRTC is not found");
    find(library, create, "nvrtcCreateProgram");
    find(library, compile, "nvrtcCompileProgram");
    find(library, destroy, "nvrtcDestroyProgram");
    find(library, code_size, "nvrtcGetCUBINSize");
    find(library, code, "nvrtcGetCUBIN");
    find(library, log_size, "nvrtcGetProgramLogSize");
    find(library, log, "nvrtcGetProgramLog");
    find(library, load, "cuModuleLoadData");
    find(library, function, "cuModuleGetFunction");
    find(library, launch, "cuLaunchKernelEx");
    load_builtins(library);
  }

 private:
  template <typename Function>
  static void find(void *library, Function &function, const char *name) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    TORCH_CHECK(function, name, " is not found");
  }

  /// NVRTC looks for a library beside itself by name only, where nobody looks unless it is loaded already.
  void load_builtins(void *library) {
    int (*version)(int *, int *);
    find(library, version, "nvrtcVersion");
    int major = 0, minor = 0;
    Dl_info where;
    if (version(&major, &minor) != 0 || dladdr(reinterpret_cast<void *>(compile), &where) == 0) return;
    const std::string path = where.dli_fname;
    const auto folder = path.substr(0, path.rfind('/') + 1);
    dlopen((folder + "libnvrtc-builtins.so." + std::to_string(major) + "." + std::to_string(minor)).c_str(), RTLD_NOW | RTLD_LOCAL);
  }
};

const char *element(at::ScalarType type) {
  switch (type) {
    case at::kFloat: return "Float";
    case at::kHalf: return "Half";
    case at::kBFloat16: return "BFloat16";
    default: TORCH_CHECK(false, "there are no kernels for ", type);
  }
}

/// The machine code of all kernels.
/// - Parameter architecture: the compute capability, for instance 90.
std::string compiled(const Libraries &libraries, at::ScalarType type, int architecture) {
  Libraries::Program program = nullptr;
  TORCH_CHECK(libraries.create(&program, device_source, "fader.cu", 0, nullptr, nullptr) == 0, "NVRTC takes no program");
  const std::string target = "--gpu-architecture=sm_" + std::to_string(architecture), kind = std::string("-DELEMENT=") + element(type);
  const char *options[] = {target.c_str(), kind.c_str(), "--std=c++17"};
  const bool succeeded = libraries.compile(program, 3, options) == 0;
  size_t size = 0;
  (succeeded ? libraries.code_size : libraries.log_size)(program, &size);
  std::string text(size, '\0');
  (succeeded ? libraries.code : libraries.log)(program, text.data());
  libraries.destroy(&program);
  TORCH_CHECK(succeeded, "NVRTC refuses the kernels: ", text);
  return text;
}

/// The kernels for one type on one card.
struct Kernels {
  /// The width of the vectors in which channels are read.
  CUfunction normalise_1, normalise_4, add;
};

/// What is compiled and loaded so far; it waits for what is still being compiled when the program ends.
class KernelCache {
 public:
  void begin_to_compile(c10::DeviceIndex index, at::ScalarType type) {
    const std::lock_guard lock(mutex);
    code(capability(index), type);
  }

  const Kernels &kernels(c10::DeviceIndex index, at::ScalarType type) {
    const std::lock_guard lock(mutex);
    const auto known = loaded.find({index, type});
    if (known != loaded.end()) return known->second;
    const auto image = code(capability(index), type).get();
    // Makes the card's context current on this thread.
    C10_CUDA_CHECK(cudaSetDevice(index));
    CUmodule module = nullptr;
    check(libraries.load(&module, image.data()), "loaded");
    Kernels kernels{};
    check(libraries.function(&kernels.normalise_1, module, "normalise_1"), "found");
    check(libraries.function(&kernels.normalise_4, module, "normalise_4"), "found");
    check(libraries.function(&kernels.add, module, "add"), "found");
    return loaded.emplace(std::pair(index, type), kernels).first->second;
  }

  /// - Parameter cluster: how many blocks of a row of the grid exchange numbers: one, or all of them.
  void launch(CUfunction kernel, dim3 grid, unsigned threads, unsigned cluster, void **arguments) const {
    CUlaunchAttribute attribute{};
    attribute.id = CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION;
    attribute.value.clusterDim.x = cluster;
    attribute.value.clusterDim.y = attribute.value.clusterDim.z = 1;
    CUlaunchConfig configuration{};
    configuration.gridDimX = grid.x;
    configuration.gridDimY = grid.y;
    configuration.gridDimZ = grid.z;
    configuration.blockDimX = threads;
    configuration.blockDimY = configuration.blockDimZ = 1;
    configuration.hStream = c10::cuda::getCurrentCUDAStream().stream();
    configuration.attrs = &attribute;
    configuration.numAttrs = cluster > 1 ? 1 : 0;
    check(libraries.launch(&configuration, kernel, arguments, nullptr), "launched");
  }

  /// For instance 90.
  int capability(c10::DeviceIndex index) {
    int major = 0, minor = 0;
    C10_CUDA_CHECK(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, index));
    C10_CUDA_CHECK(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, index));
    return major * 10 + minor;
  }

 private:
  std::shared_future<std::string> code(int architecture, at::ScalarType type) {
    auto &known = codes[{architecture, type}];
    if (!known.valid()) known = std::async(std::launch::async, compiled, std::cref(libraries), type, architecture).share();
    return known;
  }

  static void check(CUresult result, const char *what) {
    TORCH_CHECK(result == CUDA_SUCCESS, "kernels cannot be ", what, ": the driver's error ", static_cast<int>(result));
  }

  const Libraries libraries;
  std::mutex mutex;
  std::map<std::pair<int, at::ScalarType>, std::shared_future<std::string>> codes;
  std::map<std::pair<c10::DeviceIndex, at::ScalarType>, Kernels> loaded;
};

KernelCache &cache() {
  static KernelCache cache;
  return cache;
}

std::atomic<bool> is_wanted = std::getenv("FADER_PLAIN_KERNELS") == nullptr;
std::mutex failure_mutex;
std::string failure;

/// What `body` makes; nothing once something has gone wrong, which must not cost the picture.
template <typename Body>
auto attempted(Body &&body) -> decltype(body()) {
  if (!is_wanted) return {};
  try {
    return body();
  } catch (const c10::OutOfMemoryError &) {
    throw;
  } catch (const c10::Error &error) {
    const std::lock_guard lock(failure_mutex);
    failure = error.what_without_backtrace();
  } catch (const std::exception &error) {
    const std::lock_guard lock(failure_mutex);
    failure = error.what();
  }
  is_wanted = false;
  return {};
}

bool is_suitable(const at::Tensor &x) {
  const auto type = x.scalar_type();
  return x.is_cuda() && x.dim() == 4 && x.numel() > 0 && x.numel() < INT32_MAX &&
         (type == at::kFloat || type == at::kHalf || type == at::kBFloat16) && !(at::GradMode::is_enabled() && x.requires_grad());
}

/// Whether all tensors begin where `width` numbers can be read at once.
bool are_aligned(int width, std::initializer_list<at::Tensor> tensors) {
  return std::all_of(tensors.begin(), tensors.end(), [&](const auto &tensor) {
    return !tensor.defined() || reinterpret_cast<uintptr_t>(tensor.const_data_ptr()) % (width * tensor.element_size()) == 0;
  });
}

/// `Norm` of the kernels, member by member.
struct Norm {
  const void *x;
  void *y;
  const void *added, *weight, *bias, *scale, *shift;
  int picture_stride, place_stride, channels, group_width, height, width, modulation_height, modulation_width;
  float epsilon;
  int activates;
};

const void *address(const at::Tensor &tensor) { return tensor.defined() ? tensor.const_data_ptr() : nullptr; }

/// Scales and shifts as the kernel reads them: neighbouring channels, with the same distances between places in both.
std::pair<at::Tensor, at::Tensor> laid_out(const at::Tensor &scale, const at::Tensor &shift, at::ScalarType type) {
  const auto fits = [&](const at::Tensor &tensor) {
    return tensor.scalar_type() == type && tensor.stride(1) == 1 && (tensor.size(2) == 1 || tensor.stride(2) == tensor.size(3) * tensor.stride(3));
  };
  if (fits(scale) && fits(shift) && scale.strides() == shift.strides()) return {scale, shift};
  // A picture of one place counts as channels-last already, however its memory lies.
  const auto moved = [&](const at::Tensor &tensor) {
    return tensor.to(type).permute({0, 2, 3, 1}).contiguous().permute({0, 3, 1, 2});
  };
  return {moved(scale), moved(shift)};
}

at::Tensor normalised(const at::Tensor &input, const NormOfGroups &norm) {
  const auto type = input.scalar_type();
  const int64_t batch = input.size(0), channels = input.size(1), pixels = input.size(2) * input.size(3), width = channels / norm.groups;
  const auto x = input.contiguous(at::MemoryFormat::ChannelsLast);
  const auto vector = [&](const at::Tensor &tensor) { return tensor.to(type).contiguous(); };
  const auto weight = vector(norm.weight), bias = vector(norm.bias), added = norm.added ? vector(*norm.added) : at::Tensor();
  at::Tensor scale, shift;
  if (norm.scale) std::tie(scale, shift) = laid_out(*norm.scale, *norm.shift, type);
  auto y = at::empty_like(x);

  Norm arguments{address(x), y.mutable_data_ptr(), address(added), address(weight), address(bias), address(scale), address(shift)};
  arguments.channels = static_cast<int>(channels);
  arguments.group_width = static_cast<int>(width);
  arguments.height = static_cast<int>(x.size(2));
  arguments.width = static_cast<int>(x.size(3));
  arguments.modulation_height = arguments.modulation_width = 1;
  if (norm.scale) {
    arguments.picture_stride = static_cast<int>(batch == 1 ? 0 : scale.stride(0));
    arguments.place_stride = static_cast<int>(scale.size(3) == 1 && scale.size(2) == 1 ? 0 : scale.size(3) == 1 ? scale.stride(2) : scale.stride(3));
    arguments.modulation_height = static_cast<int>(scale.size(2));
    arguments.modulation_width = static_cast<int>(scale.size(3));
  }
  arguments.epsilon = static_cast<float>(norm.epsilon);
  arguments.activates = norm.activates;
  const bool is_wide = width % 4 == 0 && arguments.picture_stride % 4 == 0 && arguments.place_stride % 4 == 0 &&
                       are_aligned(4, {x, y, added, weight, bias, scale, shift});

  // A block has 4096 numbers or more, and from 8192 on more threads; a cluster has at most eight blocks.
  const int64_t numbers = pixels * width, most_blocks = cache().capability(x.get_device()) >= 90 ? 8 : 1;
  unsigned blocks = 1;
  while (blocks < most_blocks && numbers / blocks > 4096) blocks *= 2;
  const unsigned threads = numbers / blocks >= 8192 ? 512 : 256;
  const auto &kernels = cache().kernels(x.get_device(), type);
  void *pointers[] = {&arguments};
  cache().launch(
      is_wide ? kernels.normalise_4 : kernels.normalise_1,
      dim3(blocks, static_cast<unsigned>(norm.groups), static_cast<unsigned>(batch)), threads, blocks, pointers);
  return y;
}

at::Tensor sum(const at::Tensor &input, const at::Tensor &bias, const at::Tensor &added) {
  const auto x = input.contiguous(at::MemoryFormat::ChannelsLast), other = added.contiguous(at::MemoryFormat::ChannelsLast);
  auto y = at::empty_like(x);
  const void *addresses[] = {address(x), address(other), address(bias)};
  void *result = y.mutable_data_ptr();
  int packs = static_cast<int>(x.numel() / 4), packs_per_pixel = static_cast<int>(x.size(1) / 4);
  void *arguments[] = {&addresses[0], &addresses[1], &addresses[2], &result, &packs, &packs_per_pixel};
  cache().launch(cache().kernels(x.get_device(), x.scalar_type()).add, dim3((packs + 255) / 256), 256, 1, arguments);
  return y;
}

}  // namespace

std::optional<at::Tensor> fader::normalised_on_device(const at::Tensor &x, const NormOfGroups &norm) {
  // A thread has a place in its group; rows and layers of a grid are counted in 16 bits.
  if (!is_suitable(x) || x.size(1) / norm.groups > 256 || norm.groups > 65535 || x.size(0) > 65535) return std::nullopt;
  const c10::cuda::CUDAGuard scope(x.device());
  return attempted([&]() -> std::optional<at::Tensor> { return normalised(x, norm); });
}

std::optional<at::Tensor> fader::added_on_device(const at::Tensor &x, const at::Tensor &bias, const at::Tensor &added) {
  const bool fits = is_suitable(x) && x.size(1) % 4 == 0 && x.sizes() == added.sizes() && x.scalar_type() == added.scalar_type() &&
                    x.scalar_type() == bias.scalar_type() && bias.is_contiguous() && are_aligned(4, {x, bias, added});
  if (!fits) return std::nullopt;
  const c10::cuda::CUDAGuard scope(x.device());
  return attempted([&]() -> std::optional<at::Tensor> { return sum(x, bias, added); });
}

void ct_device_kernels_prepare(CTDevice where, CTDataType type) {
  if (where.kind != CT_CUDA) return;
  attempted([&]() -> std::optional<bool> {
    cache().begin_to_compile(static_cast<c10::DeviceIndex>(where.index), scalar_type(type));
    return true;
  });
}

void ct_device_kernels_use(bool wanted) { is_wanted = wanted; }

const char *ct_device_kernels_failure(void) {
  static thread_local std::string text;
  const std::lock_guard lock(failure_mutex);
  text = failure.substr(0, failure.find('\n'));
  return text.c_str();
}

#else

std::optional<at::Tensor> fader::normalised_on_device(const at::Tensor &, const NormOfGroups &) { return std::nullopt; }

std::optional<at::Tensor> fader::added_on_device(const at::Tensor &, const at::Tensor &, const at::Tensor &) { return std::nullopt; }

void ct_device_kernels_prepare(CTDevice, CTDataType) {}

void ct_device_kernels_use(bool) {}

const char *ct_device_kernels_failure(void) { return ""; }

#endif
