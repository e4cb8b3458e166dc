import Tensors

/// Which numbers the networks compute with.
public enum Precision {
    /// A type and why it is the one, in a few words.
    public struct Choice: Sendable, Equatable {
        public let dataType: DataType
        public let reason: String
    }

    /// How many numbers the networks of a small pack consist of at most: `auto` computes them in float32 everywhere.
    ///
    /// They take 0.4 GB then, and a picture of theirs no time. A GPU spends more time on launching the operations of such networks than on the operations, so that a half type
    /// makes them no faster; and unlike the published weights, which are used in float16 everywhere, nobody has seen that their numbers fit there.
    public static let smallPack = 100_000_000

    /// Reads `auto`, `float32`, `bfloat16` or `float16`; `auto` is float16 for large packs on a GPU, bfloat16 for those on a CPU
    /// that is faster with it, else float32.
    /// - Parameters:
    ///   - weights: how many numbers the networks consist of; asked for only where it matters.
    ///   - pace: how fast the CPU is; asked for only where it matters, and float32 where it cannot be told.
    ///   - name: the name.
    ///   - device: where the networks compute.
    /// - Throws: `SteeringError.mismatch` for any other name; what `weights` throws.
    public static func choice(
        _ name: String, on device: Device, weights: @autoclosure () throws -> Int = .max,
        pace: @autoclosure () throws -> ProcessorPace = try ProcessorPace.known()
    ) throws -> Choice {
        if name == "auto" {
            if try weights() <= smallPack { return Choice(dataType: .float32, reason: "a pack this small gains nothing by a half type") }
            guard device == .cpu else {
                return Choice(dataType: .float16, reason: "a GPU computes with float16 fastest, in half the memory")
            }
            guard let gain = try? pace().gain, gain >= ProcessorPace.leastGain else {
                return Choice(dataType: .float32, reason: "this processor was measured to be no faster in bfloat16")
            }
            return Choice(
                dataType: .bfloat16, reason: String(format: "this processor was measured to be %.1f times as fast in bfloat16", gain))
        }
        guard let type = DataType(rawValue: name), [.float32, .bfloat16, .float16].contains(type) else {
            throw SteeringError.mismatch("There is no data type \"\(name)\" for networks; use auto, float32, bfloat16 or float16.")
        }
        return Choice(dataType: type, reason: "--dtype asks for it")
    }
}
