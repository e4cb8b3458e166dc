import CTorch

/// What is known of a CUDA device.
public struct CUDADevice: Sendable, Equatable {
    public let index: Int
    /// For instance "NVIDIA H100 80GB HBM3".
    public let name: String
    /// The compute capability, for instance 9 and 0.
    public let major, minor: Int
    /// Memory in bytes.
    public let availableMemory, totalMemory: Int

    /// Every device that libtorch can use and describe: none when it was built without CUDA's headers.
    public static var all: [CUDADevice] { (0..<Device.cudaCount).compactMap { try? CUDADevice(index: $0) } }

    public init(index: Int, name: String, major: Int, minor: Int, availableMemory: Int, totalMemory: Int) {
        self.index = index
        self.name = name
        self.major = major
        self.minor = minor
        self.availableMemory = availableMemory
        self.totalMemory = totalMemory
    }

    /// - Throws: `TensorError` when there is no such device, or this build knows nothing of CUDA.
    public init(index: Int) throws {
        guard let number = Int32(exactly: index), (0..<Device.cudaCount).contains(index) else {
            throw TensorError.absentDevice("cuda:\(index)", available: Device.cudaCount)
        }
        var found = CTCudaDevice()
        try check(ct_cuda_describe(number, &found))
        self.init(
            index: index, name: withUnsafeBytes(of: found.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) },
            major: Int(found.major), minor: Int(found.minor), availableMemory: Int(found.available_bytes),
            totalMemory: Int(found.total_bytes))
    }
}
