import Foundation
import Tensors

/// Where a pack is computed, with which numbers, and why there.
public struct Placement: Sendable, Equatable {
    public let device: Device
    public let dataType: DataType
    /// Why this device, as the end of a sentence.
    public let reason: String

    /// - Parameters:
    ///   - name: `cpu` or `cuda:N`; `auto` is the first CUDA device that has room for the pack, else the CPU.
    ///   - dataType: `auto`, `float32`, `bfloat16` or `float16`.
    ///   - pack: the pack to place.
    /// - Throws: when there is no such device or type, and when the pack's weights cannot be opened.
    public init(of pack: Pack, device name: String = "auto", dataType: String = "auto") throws {
        let found: (device: Device, reason: String)
        if name == "auto", Device.cudaCount > 0 {
            let weights = try pack.weightCount()
            let type = try Precision.choice(dataType, on: .cuda(0), weights: weights).dataType
            found = Self.choice(among: CUDADevice.all, needing: Self.memory(for: weights, as: type))
        } else {
            found = (try Device(named: name), name == "auto" ? "libtorch finds no CUDA device" : "--device asks for it")
        }
        device = found.device
        reason = found.reason
        self.dataType = try Precision.choice(dataType, on: found.device, weights: pack.weightCount()).dataType
    }

    /// The first device with `bytes` of free memory, else the CPU.
    /// - Parameter devices: those that can be described; none means that the memory of the first is unknown.
    static func choice(among devices: [CUDADevice], needing bytes: Int) -> (device: Device, reason: String) {
        if let roomy = devices.first(where: { $0.availableMemory >= bytes }) {
            return (.cuda(roomy.index), "\(roomy.name) has room for the pack")
        }
        guard let largest = devices.max(by: { $0.availableMemory < $1.availableMemory }) else {
            return (.cuda(0), "there is a CUDA device, though this build cannot tell how much memory it has free")
        }
        return (.cpu, "\(largest.name) has \(gigabytes(largest.availableMemory)) free where the pack takes \(gigabytes(bytes))")
    }

    /// What a CUDA device needs for so many weights, in bytes: a quarter more for what is computed, and 1 GB for CUDA's libraries.
    static func memory(for weights: Int, as type: DataType) -> Int {
        weights * type.byteCount / 4 * 5 + 1_000_000_000
    }

    private static func gigabytes(_ bytes: Int) -> String { String(format: "%.1f GB", Double(bytes) / 1e9) }
}

extension Pack {
    /// How many numbers its networks consist of, by the headers of the files.
    func weightCount() throws -> Int {
        try [Part.imageEncoder, .unet, .movq, .sae].reduce(0) { try $0 + weightFile(of: $1).numberCount }
    }
}
