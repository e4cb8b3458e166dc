#include "Guard.hpp"

#ifdef CTORCH_CUDA

#include <ATen/cuda/CUDAGraph.h>
#include <c10/core/Event.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>

#include <memory>

using namespace fader;

struct CTGraph {
  at::cuda::CUDAGraph recording;
  c10::DeviceIndex device;
  /// The end of the last replay.
  c10::Event replayed{at::kCUDA};
};

using Work = bool (*)(void *);

/// Lets CUDA, cuDNN and cuBLAS choose and allocate what they keep, which they must not do while a stream is recorded.
static void rehearse(c10::cuda::CUDAStream stream, int32_t rehearsals, Work work, void *context) {
  for (int32_t i = 0; i < rehearsals; ++i) TORCH_CHECK(work(context), "the work to be recorded failed");
  stream.synchronize();
  c10::cuda::CUDACachingAllocator::emptyCache();
}

static void record(std::unique_ptr<CTGraph> &graph, Work work, void *context) {
  graph->recording.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
  const bool succeeded = work(context);
  try {
    graph->recording.capture_end();
  } catch (...) {
    // libtorch's allocator goes on asking this recording which memory belongs to it.
    graph.release();
    throw;
  }
  TORCH_CHECK(succeeded, "the work to be recorded failed");
}

bool ct_graphs_are_supported(void) { return true; }

CTStatus ct_graph_record(CTDevice where, int32_t rehearsals, Work work, void *context, CTGraph **out) {
  return guarded([&] {
    const c10::cuda::CUDAGuard device_scope(device(where));
    const auto current = c10::cuda::getCurrentCUDAStream();
    const auto stream = c10::cuda::getStreamFromPool(false, current.device_index());
    c10::Event ready(at::kCUDA);
    ready.record(current);
    ready.block(stream);
    const c10::cuda::CUDAStreamGuard stream_scope(stream);
    auto graph = std::make_unique<CTGraph>();
    graph->device = current.device_index();
    rehearse(stream, rehearsals, work, context);
    record(graph, work, context);
    *out = graph.release();
  });
}

CTStatus ct_graph_replay(CTGraph *graph) {
  return guarded([&] {
    const c10::cuda::CUDAGuard device_scope(graph->device);
    // One replay at a time: else the host would queue a whole picture at once, and neither progress nor cancelling would keep up with the device.
    graph->replayed.synchronize();
    graph->recording.replay();
    graph->replayed.record(c10::cuda::getCurrentCUDAStream());
  });
}

void ct_graph_free(CTGraph *graph) { delete graph; }

#else

using namespace fader;

static CTStatus unsupported() {
  return guarded([] { TORCH_CHECK(false, "this build has no CUDA graphs: it was made without CUDA's headers"); });
}

bool ct_graphs_are_supported(void) { return false; }

CTStatus ct_graph_record(CTDevice, int32_t, bool (*)(void *), void *, CTGraph **) { return unsupported(); }

CTStatus ct_graph_replay(CTGraph *) { return unsupported(); }

void ct_graph_free(CTGraph *) {}

#endif
