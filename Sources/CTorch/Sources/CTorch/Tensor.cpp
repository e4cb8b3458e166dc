#include "Guard.hpp"

#include <ATen/CPUGeneratorImpl.h>

using namespace fader;

namespace fader {

at::ScalarType scalar_type(CTDataType type) {
  switch (type) {
    case CT_FLOAT32: return at::kFloat;
    case CT_FLOAT16: return at::kHalf;
    case CT_BFLOAT16: return at::kBFloat16;
    case CT_FLOAT64: return at::kDouble;
    case CT_INT64: return at::kLong;
    case CT_INT32: return at::kInt;
    case CT_INT16: return at::kShort;
    case CT_INT8: return at::kChar;
    case CT_UINT8: return at::kByte;
    case CT_BOOL: return at::kBool;
  }
  TORCH_CHECK(false, "unknown data type ", static_cast<int>(type));
}

at::Device device(CTDevice device) {
  return device.kind == CT_CPU ? at::Device(at::kCPU) : at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device.index));
}

static thread_local int64_t host_transfers = 0;

static at::IntArrayRef sizes_of(const int64_t *sizes, int32_t rank) { return at::IntArrayRef(sizes, static_cast<size_t>(rank)); }

}  // namespace fader

void ct_free(CTTensor *tensor) {
  delete tensor;
  live_tensors.fetch_sub(1, std::memory_order_relaxed);
}

int64_t ct_host_transfers(void) { return host_transfers; }

CTStatus ct_alias(const CTTensor *a, CTTensor **out) {
  return guarded([&] { *out = own(a->value); });
}

int32_t ct_rank(const CTTensor *a) { return static_cast<int32_t>(a->value.dim()); }

int64_t ct_size(const CTTensor *a, int32_t dimension) { return a->value.sizes()[dimension]; }

int64_t ct_element_count(const CTTensor *a) { return a->value.numel(); }

int32_t ct_data_type(const CTTensor *a) {
  switch (a->value.scalar_type()) {
    case at::kFloat: return CT_FLOAT32;
    case at::kHalf: return CT_FLOAT16;
    case at::kBFloat16: return CT_BFLOAT16;
    case at::kDouble: return CT_FLOAT64;
    case at::kLong: return CT_INT64;
    case at::kInt: return CT_INT32;
    case at::kShort: return CT_INT16;
    case at::kChar: return CT_INT8;
    case at::kByte: return CT_UINT8;
    case at::kBool: return CT_BOOL;
    default: return -1;
  }
}

CTDevice ct_device(const CTTensor *a) {
  const auto device = a->value.device();
  return device.is_cuda() ? CTDevice{CT_CUDA, device.index()} : CTDevice{CT_CPU, 0};
}

bool ct_is_channels_last(const CTTensor *a) { return a->value.dim() == 4 && a->value.is_contiguous(at::MemoryFormat::ChannelsLast); }

CTStatus ct_full(const int64_t *sizes, int32_t rank, double value, CTDataType type, CTDevice where, CTTensor **out) {
  return guarded([&] { *out = own(at::full(sizes_of(sizes, rank), value, at::dtype(scalar_type(type)).device(device(where)))); });
}

CTStatus ct_zeros_like(const CTTensor *a, CTTensor **out) {
  return guarded([&] { *out = own(at::zeros_like(a->value.detach())); });
}

CTStatus ct_arange(int64_t count, CTDataType type, CTDevice where, CTTensor **out) {
  return guarded([&] { *out = own(at::arange(count, at::dtype(scalar_type(type)).device(device(where)))); });
}

CTStatus ct_copy_from_host(const void *data, const int64_t *sizes, int32_t rank, CTDataType type, CTTensor **out) {
  return guarded([&] {
    ++host_transfers;
    *out = own(at::from_blob(const_cast<void *>(data), sizes_of(sizes, rank), at::dtype(scalar_type(type))).clone());
  });
}

CTStatus ct_over_memory(
    void *data, const int64_t *sizes, int32_t rank, CTDataType type, void (*release)(void *), void *context, CTTensor **out) {
  return guarded([&] {
    *out = own(at::for_blob(data, sizes_of(sizes, rank))
                   .context(context, release)
                   .options(at::dtype(scalar_type(type)))
                   .make_tensor());
  });
}

CTStatus ct_copy_to_host(const CTTensor *a, void *data, size_t bytes) {
  return guarded([&] {
    ++host_transfers;
    const auto host = a->value.detach().to(at::kCPU).contiguous();
    TORCH_CHECK(host.nbytes() == bytes, "the buffer has ", bytes, " bytes where the tensor has ", host.nbytes());
    if (bytes > 0) std::memcpy(data, host.const_data_ptr(), bytes);
  });
}

CTStatus ct_item(const CTTensor *a, double *out) {
  return guarded([&] {
    ++host_transfers;
    *out = a->value.item().toDouble();
  });
}

CTStatus ct_generator(uint64_t seed, CTDevice where, CTGenerator **out) {
  return guarded([&] {
    auto generator = where.kind == CT_CPU ? at::detail::createCPUGenerator(seed)
                                          : at::globalContext().defaultGenerator(device(where)).clone();
    generator.set_current_seed(seed);
    *out = new CTGenerator{std::move(generator)};
  });
}

void ct_generator_free(CTGenerator *generator) { delete generator; }

CTStatus ct_normal(const int64_t *sizes, int32_t rank, CTGenerator *generator, CTTensor **out) {
  return guarded([&] {
    *out = own(at::randn(sizes_of(sizes, rank), generator->value, at::dtype(at::kFloat).device(generator->value.device())));
  });
}

CTStatus ct_uniform(const int64_t *sizes, int32_t rank, CTGenerator *generator, CTTensor **out) {
  return guarded([&] {
    *out = own(at::rand(sizes_of(sizes, rank), generator->value, at::dtype(at::kFloat).device(generator->value.device())));
  });
}

CTStatus ct_integers(int64_t high, const int64_t *sizes, int32_t rank, CTGenerator *generator, CTTensor **out) {
  return guarded([&] {
    *out = own(at::randint(high, sizes_of(sizes, rank), generator->value, at::dtype(at::kLong).device(generator->value.device())));
  });
}

CTStatus ct_to(const CTTensor *a, CTDataType type, CTDevice where, CTTensor **out) {
  return guarded([&] {
    if (device(where) != a->value.device()) ++host_transfers;
    *out = own(a->value.to(device(where), scalar_type(type)));
  });
}

CTStatus ct_contiguous(const CTTensor *a, CTTensor **out) {
  return guarded([&] { *out = own(a->value.contiguous()); });
}

CTStatus ct_channels_last(const CTTensor *a, CTTensor **out) {
  return guarded([&] { *out = own(a->value.contiguous(at::MemoryFormat::ChannelsLast)); });
}

CTStatus ct_clone(const CTTensor *a, CTTensor **out) {
  return guarded([&] { *out = own(a->value.clone()); });
}

CTStatus ct_reshape(const CTTensor *a, const int64_t *sizes, int32_t rank, CTTensor **out) {
  return guarded([&] { *out = own(a->value.reshape(sizes_of(sizes, rank))); });
}

CTStatus ct_permute(const CTTensor *a, const int64_t *order, int32_t rank, CTTensor **out) {
  return guarded([&] { *out = own(a->value.permute(sizes_of(order, rank))); });
}

CTStatus ct_transpose(const CTTensor *a, int64_t first, int64_t second, CTTensor **out) {
  return guarded([&] { *out = own(a->value.transpose(first, second)); });
}

CTStatus ct_expand(const CTTensor *a, const int64_t *sizes, int32_t rank, CTTensor **out) {
  return guarded([&] { *out = own(a->value.expand(sizes_of(sizes, rank))); });
}

CTStatus ct_narrow(const CTTensor *a, int64_t dimension, int64_t start, int64_t length, CTTensor **out) {
  return guarded([&] { *out = own(a->value.narrow(dimension, start, length)); });
}

CTStatus ct_concatenate(CTTensor *const *tensors, int32_t count, int64_t dimension, CTTensor **out) {
  return guarded([&] { *out = own(at::cat(list(tensors, count), dimension)); });
}

CTStatus ct_index_select(const CTTensor *a, int64_t dimension, const CTTensor *indices, CTTensor **out) {
  return guarded([&] { *out = own(at::index_select(a->value, dimension, indices->value)); });
}

CTStatus ct_gather(const CTTensor *a, int64_t dimension, const CTTensor *indices, CTTensor **out) {
  return guarded([&] { *out = own(at::gather(a->value, dimension, indices->value)); });
}

CTStatus ct_flip(const CTTensor *a, int64_t dimension, CTTensor **out) {
  return guarded([&] { *out = own(at::flip(a->value, {dimension})); });
}

CTStatus ct_pad(const CTTensor *a, const int64_t *amounts, int32_t count, CTTensor **out) {
  return guarded([&] { *out = own(at::constant_pad_nd(a->value, sizes_of(amounts, count), 0)); });
}
