#include "Guard.hpp"

#include <ATen/record_function.h>

using namespace fader;

struct CTOperationCounter {
  at::CallbackHandle handle;
};

static std::atomic<int64_t> all_operations{0}, outer_operations{0};
/// How many operations of this thread are being carried out inside one another.
static thread_local int depth = 0;

static std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction &) {
  all_operations.fetch_add(1, std::memory_order_relaxed);
  if (depth++ == 0) outer_operations.fetch_add(1, std::memory_order_relaxed);
  return nullptr;
}

static void end(const at::RecordFunction &, at::ObserverContext *) { --depth; }

CTStatus ct_counting_begin(CTOperationCounter **out) {
  return guarded([&] {
    all_operations = outer_operations = 0;
    *out = new CTOperationCounter{at::addGlobalCallback(at::RecordFunctionCallback(begin, end).scopes({at::RecordScope::FUNCTION}))};
  });
}

CTOperationCounts ct_counting_end(CTOperationCounter *counter) {
  at::removeCallback(counter->handle);
  delete counter;
  return {all_operations.load(), outer_operations.load()};
}
