import CTorch

/// What is known of the libtorch that the program runs against.
public enum Libtorch {
    /// Its version, for instance "2.13.0".
    public static var version: String { String(cString: ct_version()) }

    /// How it was built, several lines.
    public static var buildDescription: String { String(cString: ct_build_description()) }

    /// The number of threads that one operation uses.
    public static var threads: Int { Int(ct_threads()) }

    /// Makes float32 mean float32 on CUDA devices too, where convolutions would otherwise round each factor to 11 bits (TF32).
    public static func useFullFloat32() { ct_cuda_use_full_float32() }

    /// Lets CUDA devices compute products of float32 in TF32, and cuDNN try out its algorithms: quickest, for training.
    public static func useFastFloat32() { ct_cuda_use_fast_float32() }

    /// Begins to compile our own kernels for a type of numbers on a GPU, in the background; does nothing for the CPU.
    public static func prepareKernels(for type: DataType, on device: Device) { ct_device_kernels_prepare(device.code, type.code) }

    /// Whether our own kernels are used on GPUs where they can be; else libtorch's are, which compute the same.
    public static func useKernels(_ wanted: Bool) { ct_device_kernels_use(wanted) }

    /// Why our own kernels are not used on GPUs; nil when nothing is wrong.
    public static var kernelFailure: String? {
        let text = String(cString: ct_device_kernels_failure())
        return text.isEmpty ? nil : text
    }

    /// Sets how many threads one operation uses; call it on the thread that computes, before its first operation.
    public static func setThreads(_ count: Int) throws { try check(ct_set_threads(Int32(count))) }

    /// Operations that libtorch's dispatcher carries out: all, and those of them that no other operation has called.
    public struct OperationCounts: Sendable, Equatable {
        public let all, outer: Int

        public init(all: Int, outer: Int) {
            self.all = all
            self.outer = outer
        }
    }

    /// How many operations `body` dispatches, on all threads; not to be nested.
    /// - Throws: what `body` throws.
    public static func countingOperations(_ body: () throws -> Void) throws -> OperationCounts {
        var counter: OpaquePointer?
        try check(ct_counting_begin(&counter))
        let result = Result(catching: body)
        let counts = ct_counting_end(counter)
        try result.get()
        return OperationCounts(all: Int(counts.all), outer: Int(counts.outer))
    }

    /// Whether convolutions can keep their weights in oneDNN's order.
    public static let canPackWeights = ct_can_pack()

    /// Whether the CPU multiplies numbers of this type itself; others are emulated, at a quarter of float32's speed.
    public static func multiplies(_ type: DataType) -> Bool {
        switch type {
        case .bfloat16: multipliesBFloat16
        case .float16: multipliesFloat16
        default: true
        }
    }

    private static let multipliesBFloat16 = ct_cpu_multiplies(CT_BFLOAT16)
    private static let multipliesFloat16 = ct_cpu_multiplies(CT_FLOAT16)
}
