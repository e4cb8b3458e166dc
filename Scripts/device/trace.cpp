// Tells how long each kernel of a program takes on the GPU: CUDA loads this library when CUDA_INJECTION64_PATH names it.

#include <cupti.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace {

struct Total {
  long count = 0;
  double microseconds = 0;
};

std::mutex mutex;
std::map<std::string, Total> totals;

void give_buffer(uint8_t **buffer, size_t *size, size_t *most_records) {
  *size = 8 << 20;
  *buffer = static_cast<uint8_t *>(std::aligned_alloc(8, *size));
  *most_records = 0;
}

void take_buffer(CUcontext, uint32_t, uint8_t *buffer, size_t, size_t filled) {
  const std::lock_guard lock(mutex);
  CUpti_Activity *record = nullptr;
  while (cuptiActivityGetNextRecord(buffer, filled, &record) == CUPTI_SUCCESS) {
    if (record->kind != CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL) continue;
    const auto *kernel = reinterpret_cast<const CUpti_ActivityKernel9 *>(record);
    auto &total = totals[kernel->name];
    ++total.count;
    total.microseconds += (kernel->end - kernel->start) / 1e3;
  }
  std::free(buffer);
}

void tell() {
  cuptiActivityFlushAll(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
  std::vector<std::pair<std::string, Total>> sorted(totals.begin(), totals.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) { return a.second.microseconds > b.second.microseconds; });
  double all = 0;
  long count = 0;
  for (const auto &[name, total] : sorted) {
    all += total.microseconds;
    count += total.count;
  }
  std::fprintf(stderr, "%.1f ms in %ld kernels\n", all / 1e3, count);
  for (size_t i = 0; i < std::min<size_t>(sorted.size(), 40); ++i) {
    const auto &[name, total] = sorted[i];
    std::fprintf(
        stderr, "%5.1f %%  %7.1f ms  %6ld x %6.1f us  %.110s\n", total.microseconds / all * 100, total.microseconds / 1e3, total.count,
        total.microseconds / total.count, name.c_str());
  }
}

}  // namespace

extern "C" int InitializeInjection() {
  cuptiActivityRegisterCallbacks(give_buffer, take_buffer);
  cuptiActivityEnable(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL);
  std::atexit(tell);
  return 1;
}
