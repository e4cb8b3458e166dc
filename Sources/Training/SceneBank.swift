import Dispatch
import Foundation
import Scenes
import Tensors

/// Drawn scenes kept in memory, with what is known of them.
public final class SceneBank {
    public let scenes: [Scene]
    /// The side of every picture in pixels.
    public let side: Int
    /// `[count, side, side, 3]`, uint8.
    private let bytes: Tensor

    /// Series that training draws from, and a series that it never sees.
    public static let trainingSeed: UInt64 = 1
    public static let heldOutSeed: UInt64 = 9_000_001

    /// Draws the first `count` scenes of a series, on all cores.
    /// - Throws: `TrainingError.unsuitable` when the machine has not the memory for them.
    public init(seed: UInt64 = SceneBank.trainingSeed, count: Int, side: Int = 128) throws {
        // They are copied once.
        let gigabytes = Double(2 * count * side * side * 3) / 1e9
        let memory = Double(ProcessInfo.processInfo.physicalMemory) / 1e9
        guard gigabytes < memory else {
            throw TrainingError.unsuitable(
                String(format: "%d scenes take %.1f GB of memory where this machine has %.1f; draw fewer.", count, gigabytes, memory))
        }
        let scenes = (0..<count).map { Scene(seed: seed, index: $0) }
        self.scenes = scenes
        self.side = side
        bytes = try Tensor(Self.draw(scenes, side: side), shape: [count, side, side, 3], device: .ambient)
    }

    public var count: Int { scenes.count }

    /// Pictures `[n, 3, side, side]` of bytes, by their places `[n]` (int64).
    public func bytes(_ indices: Tensor) throws -> Tensor { try bytes.selecting(indices).permuted([0, 3, 1, 2]) }

    /// Pictures `[n, 3, side, side]` in −1…1, by their places `[n]` (int64).
    public func pictures(_ indices: Tensor) throws -> Tensor { try bytes(indices).to(.float32) * (1 / 127.5) - 1 }

    /// The index of each scene's value of `factor`, `[count]` (int64).
    public func labels(_ factor: Factor) throws -> Tensor { try Tensor(scenes.map { Int64($0[factor]) }, shape: [count], device: .ambient) }

    private static func draw(_ scenes: [Scene], side: Int) -> [UInt8] {
        let size = side * side * 3
        return [UInt8](unsafeUninitializedCapacity: size * scenes.count) { buffer, filled in
            let target = Target(base: buffer.baseAddress)
            DispatchQueue.concurrentPerform(iterations: scenes.count) { index in
                target.base?.advanced(by: index * size).update(from: scenes[index].drawn(size: side), count: size)
            }
            filled = size * scenes.count
        }
    }

    /// Memory that several threads fill, each its own part.
    private struct Target: @unchecked Sendable {
        let base: UnsafeMutablePointer<UInt8>?
    }
}

extension SceneBank {
    /// The places of all scenes in order, `size` at a time (int64).
    func batches(of size: Int) throws -> [Tensor] {
        try stride(from: 0, to: count, by: size).map { start in
            try Tensor((start..<min(start + size, count)).map(Int64.init), shape: [min(size, count - start)], device: .ambient)
        }
    }
}

/// The peak signal-to-noise ratio of pictures in 0…1 with this mean squared error.
func decibels(_ squaredError: Double) -> Double { -10 * log10(max(squaredError, 1e-12)) }
