#ifndef CTORCH_H
#define CTORCH_H

/// A plain C face of libtorch: the only place where Fader meets C++.
///
/// Every function that can fail returns a `CTStatus` and writes its result through the last pointers; the caller owns what
/// it gets and frees it with the matching `_free`. No C++ exception leaves this library. After a failure, and until the next call on the
/// same thread, `ct_error_message` says in one line what went wrong.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CT_API __attribute__((visibility("default")))

typedef struct CTTensor CTTensor;
typedef struct CTGenerator CTGenerator;
typedef struct CTInferenceScope CTInferenceScope;
typedef struct CTOperationCounter CTOperationCounter;
typedef struct CTGraph CTGraph;

typedef enum CTStatus : int32_t {
  CT_OK = 0,
  CT_OUT_OF_MEMORY = 1,
  CT_TORCH_ERROR = 2,
  CT_STANDARD_EXCEPTION = 3,
  CT_UNKNOWN_EXCEPTION = 4,
} CTStatus;

typedef enum CTDataType : int32_t {
  CT_FLOAT32 = 0,
  CT_FLOAT16 = 1,
  CT_BFLOAT16 = 2,
  CT_FLOAT64 = 3,
  CT_INT64 = 4,
  CT_INT32 = 5,
  CT_INT16 = 6,
  CT_INT8 = 7,
  CT_UINT8 = 8,
  CT_BOOL = 9,
} CTDataType;

typedef enum CTDeviceKind : int32_t { CT_CPU = 0, CT_CUDA = 1 } CTDeviceKind;

typedef struct CTDevice {
  CTDeviceKind kind;
  int32_t index;
} CTDevice;

typedef enum CTUnary : int32_t {
  CT_NEGATE = 0,
  CT_SILU,
  CT_GELU,
  CT_QUICK_GELU,
  CT_RELU,
  CT_EXP,
  CT_LOG,
  CT_SQRT,
  CT_RSQRT,
  CT_SIN,
  CT_COS,
  CT_ABS,
  CT_SQUARE,
  CT_SIGMOID,
  CT_TANH,
  CT_IS_FINITE,
} CTUnary;

typedef enum CTBinary : int32_t {
  CT_ADD = 0,
  CT_SUBTRACT,
  CT_MULTIPLY,
  CT_DIVIDE,
  CT_MAXIMUM,
  CT_MINIMUM,
  CT_GREATER,
  CT_GREATER_OR_EQUAL,
  CT_EQUAL,
} CTBinary;

typedef enum CTReduction : int32_t { CT_SUM = 0, CT_MEAN, CT_AMAX, CT_AMIN, CT_ALL } CTReduction;

// MARK: Errors and environment

/// The message of the last failure on this thread, one line; valid until the next call on this thread.
CT_API const char *ct_error_message(void);
/// How many tensor handles are alive in the process.
CT_API int64_t ct_live_tensors(void);
/// How often this thread has brought numbers to a tensor or got them from one: each time, a CUDA device and the host wait for each other.
CT_API int64_t ct_host_transfers(void);
/// Operations of libtorch, and those of them that no other operation has called.
typedef struct CTOperationCounts {
  int64_t all, outer;
} CTOperationCounts;

/// Begins to count the operations that libtorch's dispatcher carries out, on all threads; one counter at a time.
CT_API CTStatus ct_counting_begin(CTOperationCounter **out);
/// Ends the count and frees the counter.
CT_API CTOperationCounts ct_counting_end(CTOperationCounter *counter);
/// The version of libtorch, for instance "2.13.0".
CT_API const char *ct_version(void);
/// How libtorch was built, several lines; valid until the next call on this thread.
CT_API const char *ct_build_description(void);
CT_API int32_t ct_cuda_device_count(void);
/// Whether the processor has instructions that multiply this type.
CT_API bool ct_cpu_multiplies(CTDataType type);
CT_API int32_t ct_threads(void);
CT_API CTStatus ct_set_threads(int32_t count);

// MARK: Life and properties

CT_API void ct_free(CTTensor *tensor);
/// Another handle on the same storage.
CT_API CTStatus ct_alias(const CTTensor *a, CTTensor **out);
CT_API int32_t ct_rank(const CTTensor *a);
CT_API int64_t ct_size(const CTTensor *a, int32_t dimension);
CT_API int64_t ct_element_count(const CTTensor *a);
CT_API int32_t ct_data_type(const CTTensor *a);
CT_API CTDevice ct_device(const CTTensor *a);
CT_API bool ct_is_channels_last(const CTTensor *a);

// MARK: Creation and access

CT_API CTStatus ct_full(const int64_t *sizes, int32_t rank, double value, CTDataType type, CTDevice device, CTTensor **out);
/// Zeros of the shape, type, device and strides of `a`.
CT_API CTStatus ct_zeros_like(const CTTensor *a, CTTensor **out);
/// `0, 1, … count − 1` as `type`.
CT_API CTStatus ct_arange(int64_t count, CTDataType type, CTDevice device, CTTensor **out);
/// A tensor with a copy of `data`, which holds the elements in row-major order.
CT_API CTStatus ct_copy_from_host(const void *data, const int64_t *sizes, int32_t rank, CTDataType type, CTTensor **out);
/// A tensor over memory that the caller keeps; `release(context)` runs when the last tensor over it is gone, and at once on failure.
CT_API CTStatus ct_over_memory(void *data, const int64_t *sizes, int32_t rank, CTDataType type, void (*release)(void *), void *context, CTTensor **out);
/// Copies the elements in row-major order to `data`, which has room for `bytes`.
CT_API CTStatus ct_copy_to_host(const CTTensor *a, void *data, size_t bytes);
CT_API CTStatus ct_item(const CTTensor *a, double *out);

CT_API CTStatus ct_generator(uint64_t seed, CTDevice device, CTGenerator **out);
CT_API void ct_generator_free(CTGenerator *generator);
/// Standard normal numbers: on the CPU, the same as `torch.randn` with a generator of that seed.
CT_API CTStatus ct_normal(const int64_t *sizes, int32_t rank, CTGenerator *generator, CTTensor **out);
/// Uniform numbers in [0, 1).
CT_API CTStatus ct_uniform(const int64_t *sizes, int32_t rank, CTGenerator *generator, CTTensor **out);
/// Integers in [0, high), as int64.
CT_API CTStatus ct_integers(int64_t high, const int64_t *sizes, int32_t rank, CTGenerator *generator, CTTensor **out);

// MARK: Conversion and layout

CT_API CTStatus ct_to(const CTTensor *a, CTDataType type, CTDevice device, CTTensor **out);
CT_API CTStatus ct_contiguous(const CTTensor *a, CTTensor **out);
CT_API CTStatus ct_channels_last(const CTTensor *a, CTTensor **out);
CT_API CTStatus ct_clone(const CTTensor *a, CTTensor **out);
CT_API CTStatus ct_reshape(const CTTensor *a, const int64_t *sizes, int32_t rank, CTTensor **out);
CT_API CTStatus ct_permute(const CTTensor *a, const int64_t *order, int32_t rank, CTTensor **out);
CT_API CTStatus ct_transpose(const CTTensor *a, int64_t first, int64_t second, CTTensor **out);
CT_API CTStatus ct_expand(const CTTensor *a, const int64_t *sizes, int32_t rank, CTTensor **out);
CT_API CTStatus ct_narrow(const CTTensor *a, int64_t dimension, int64_t start, int64_t length, CTTensor **out);
CT_API CTStatus ct_concatenate(CTTensor *const *tensors, int32_t count, int64_t dimension, CTTensor **out);
CT_API CTStatus ct_index_select(const CTTensor *a, int64_t dimension, const CTTensor *indices, CTTensor **out);
/// Values of `a` along `dimension` at `indices`, which has as many dimensions as `a`.
CT_API CTStatus ct_gather(const CTTensor *a, int64_t dimension, const CTTensor *indices, CTTensor **out);
CT_API CTStatus ct_flip(const CTTensor *a, int64_t dimension, CTTensor **out);
/// Pads with zeros; `amounts` holds before and after for the last dimension, then for the one before it, ….
CT_API CTStatus ct_pad(const CTTensor *a, const int64_t *amounts, int32_t count, CTTensor **out);

// MARK: Arithmetic

CT_API CTStatus ct_unary(CTUnary operation, const CTTensor *a, CTTensor **out);
CT_API CTStatus ct_binary(CTBinary operation, const CTTensor *a, const CTTensor *b, CTTensor **out);
CT_API CTStatus ct_binary_scalar(CTBinary operation, const CTTensor *a, double b, CTTensor **out);
CT_API CTStatus ct_clamp(const CTTensor *a, double lowest, double highest, CTTensor **out);
CT_API CTStatus ct_round(const CTTensor *a, CTTensor **out);
/// `a` where the condition is not 0, `b` elsewhere.
CT_API CTStatus ct_where(const CTTensor *condition, const CTTensor *a, const CTTensor *b, CTTensor **out);
/// Reduces over `dimensions`; none means all of them.
CT_API CTStatus ct_reduce(CTReduction operation, const CTTensor *a, const int64_t *dimensions, int32_t count, bool keep, CTTensor **out);
CT_API CTStatus ct_argmax(const CTTensor *a, int64_t dimension, CTTensor **out);
CT_API CTStatus ct_top(const CTTensor *a, int64_t count, int64_t dimension, CTTensor **values, CTTensor **indices);
CT_API CTStatus ct_softmax(const CTTensor *a, int64_t dimension, CTTensor **out);
CT_API CTStatus ct_log_softmax(const CTTensor *a, int64_t dimension, CTTensor **out);

// MARK: Layers

/// The matrix product of `a` [m, k] and `b` [k, n], batched over leading dimensions.
CT_API CTStatus ct_matmul(const CTTensor *a, const CTTensor *b, CTTensor **out);
/// `x · weightᵀ + bias`; `bias` may be null.
CT_API CTStatus ct_linear(const CTTensor *x, const CTTensor *weight, const CTTensor *bias, CTTensor **out);
CT_API CTStatus ct_convolution(const CTTensor *x, const CTTensor *weight, const CTTensor *bias, int64_t stride, int64_t padding, CTTensor **out);
CT_API CTStatus ct_group_norm(const CTTensor *x, int64_t groups, const CTTensor *weight, const CTTensor *bias, double epsilon, CTTensor **out);
CT_API CTStatus ct_layer_norm(const CTTensor *x, const CTTensor *weight, const CTTensor *bias, double epsilon, CTTensor **out);
/// softmax(q·kᵀ/√d)·v over `[batch, heads, tokens, d]`.
CT_API CTStatus ct_attention(const CTTensor *q, const CTTensor *k, const CTTensor *v, bool causal, CTTensor **out);
CT_API CTStatus ct_resize_nearest(const CTTensor *x, int64_t height, int64_t width, CTTensor **out);
CT_API CTStatus ct_average_pool(const CTTensor *x, int64_t size, CTTensor **out);
/// Mean cross entropy of `logits` [n, classes] against `targets` [n] (int64).
CT_API CTStatus ct_cross_entropy(const CTTensor *logits, const CTTensor *targets, CTTensor **out);

// MARK: Fast forms of layers, without gradients

/// On the CPU: orders the 3×3 weights [out, in, 3, 3], channels in multiples of 16, for `ct_winograd_convolution`: [3, 3, in, out].
CT_API CTStatus ct_winograd_weights(const CTTensor *weight, CTTensor **out);
/// A convolution of stride 1 and padding 1 in float32; `bias` and `added`, which has the result's shape, may be null.
CT_API CTStatus ct_winograd_convolution(
    const CTTensor *x, const CTTensor *weights, const CTTensor *bias, const CTTensor *added, CTTensor **out);

/// Whether this libtorch has oneDNN and with it packed weights.
CT_API bool ct_can_pack(void);
/// The weights [out, in, height, width] as oneDNN likes them; only `ct_packed_convolution` takes them.
CT_API CTStatus ct_pack_convolution(const CTTensor *weight, int64_t stride, int64_t padding, CTTensor **out);
/// `bias` and `added`, which has the result's shape, may be null.
CT_API CTStatus ct_packed_convolution(
    const CTTensor *x, const CTTensor *packed, const CTTensor *bias, int64_t stride, int64_t padding, const CTTensor *added, CTTensor **out);

/// Group normalisation of `x` [batch, channels, height, width], after `added` [channels], which may be null, then `· scale + shift` where they are given
/// [batch, channels, h, w], resized to the nearest place, then x · sigmoid(x) where it `activates`.
///
/// In one pass on the CPU, for float32 and bfloat16 with channels in multiples of 16, and on GPUs where `ct_device_kernels_failure` is empty;
/// else by libtorch's operations.
CT_API CTStatus ct_modulated_group_norm(
    const CTTensor *x, const CTTensor *added, int64_t groups, const CTTensor *weight, const CTTensor *bias, double epsilon,
    const CTTensor *scale, const CTTensor *shift, bool activates, CTTensor **out);
/// `x + bias + added`, with `bias` [channels]: in one pass on GPUs.
CT_API CTStatus ct_add_with_bias(const CTTensor *x, const CTTensor *bias, const CTTensor *added, CTTensor **out);

/// Begins to compile our kernels for a type, in the background: what would otherwise be waited for at their first use. Does nothing on the CPU.
CT_API void ct_device_kernels_prepare(CTDevice device, CTDataType type);
/// Whether our kernels are used where they can be: as long as nothing else is said, and FADER_PLAIN_KERNELS is not in the environment.
CT_API void ct_device_kernels_use(bool wanted);
/// Why our kernels are not used on GPUs, one line; empty when nothing is wrong. Valid until the next call on this thread.
CT_API const char *ct_device_kernels_failure(void);

// MARK: Gradients

/// Switches inference mode on for this thread until the scope ends.
CT_API CTStatus ct_inference_begin(CTInferenceScope **out);
CT_API void ct_inference_end(CTInferenceScope *scope);
/// Switches recording of gradients on this thread and returns what it was.
CT_API bool ct_set_gradients(bool enabled);
CT_API CTStatus ct_set_requires_gradient(CTTensor *a, bool required);
CT_API CTStatus ct_detach(const CTTensor *a, CTTensor **out);
CT_API CTStatus ct_backward(const CTTensor *loss);
/// The gradient that has gathered in `a`, or null in `*out` when there is none.
CT_API CTStatus ct_gradient(const CTTensor *a, CTTensor **out);
/// Replaces the gradient of `a` by one of its shape, on its device; null clears it.
CT_API CTStatus ct_set_gradient(CTTensor *a, const CTTensor *gradient);

// MARK: In place, for training

CT_API CTStatus ct_copy_into(CTTensor *target, const CTTensor *source);
/// `target ← target + weight · (source − target)`.
CT_API CTStatus ct_move_towards(CTTensor *target, const CTTensor *source, const CTTensor *weight);
/// Moves the numbers of all parameters into one new tensor `[count]`, one after another; each parameter becomes a view of its part, laid out as it
/// was. They must share a type and a device, and have no gaps in memory.
CT_API CTStatus ct_flatten(CTTensor *const *parameters, int32_t count, CTTensor **out);
/// The gradients of all parameters, one after another, each laid out as its parameter is.
CT_API CTStatus ct_flat_gradient(CTTensor *const *parameters, int32_t count, CTTensor **out);
/// Writes to `out` the views of `flat` that are to it what each parameter is to their common tensor.
CT_API CTStatus ct_flat_views(const CTTensor *flat, CTTensor *const *parameters, int32_t count, CTTensor **out);

typedef struct CTAdamW {
  double beta1, beta2, weight_decay, epsilon;
} CTAdamW;

/// One AdamW step (Loshchilov & Hutter 2019); `first` and `second` are the running moments. The learning rate and the number of the step, from 1, are
/// tensors of one float32 each on the device of the parameters. Where `skip` is given and holds 1, nothing changes.
CT_API CTStatus ct_adamw(
    CTTensor *parameters, const CTTensor *gradient, CTTensor *first, CTTensor *second, const CTTensor *learning_rate, const CTTensor *step,
    const CTTensor *skip, CTAdamW settings);

// MARK: CUDA

typedef struct CTCudaDevice {
  char name[128];
  /// The compute capability.
  int32_t major, minor;
  int64_t available_bytes, total_bytes;
} CTCudaDevice;

CT_API CTStatus ct_cuda_describe(int32_t index, CTCudaDevice *out);
/// Makes float32 mean float32 on CUDA devices too, where convolutions would otherwise round each factor to 11 bits (TF32).
CT_API void ct_cuda_use_full_float32(void);
/// Lets CUDA devices round the factors of float32 products to 11 bits (TF32), which is several times as fast, and cuDNN try out its algorithms.
CT_API void ct_cuda_use_fast_float32(void);

/// Whether CUDA graphs can be recorded at all: CUDA's headers were there when this library was built.
CT_API bool ct_graphs_are_supported(void);
/// Records what `work(context)` computes on a CUDA device, after as many `rehearsals` that only compute; `work` returns whether it succeeded.
///
/// A replay reads and writes the same memory as the recording, so tensors that go in and out must outlive it.
CT_API CTStatus ct_graph_record(CTDevice device, int32_t rehearsals, bool (*work)(void *), void *context, CTGraph **out);
/// Computes the recording again on the current stream, once the replay before is done; it does not wait for this one.
CT_API CTStatus ct_graph_replay(CTGraph *graph);
CT_API void ct_graph_free(CTGraph *graph);

#ifdef __cplusplus
}
#endif
#endif
