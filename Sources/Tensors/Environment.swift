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

    /// Sets how many threads one operation uses; call it on the thread that computes, before its first operation.
    public static func setThreads(_ count: Int) throws { try check(ct_set_threads(Int32(count))) }
}
