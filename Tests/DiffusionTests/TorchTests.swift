import Testing

/// Everything that computes with libtorch, one test at a time; the suites are in extensions.
@Suite("libtorch", .serialized)
enum TorchTests {}
