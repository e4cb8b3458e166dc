import Tensors

/// Which numbers the networks compute with.
public enum Precision {
    /// A type and why it is the one, in a few words.
    public struct Choice: Sendable, Equatable {
        public let dataType: DataType
        public let reason: String
    }

    /// Reads `auto`, `float32`, `bfloat16` or `float16`; `auto` is float16 on a GPU and float32 on the CPU.
    /// - Throws: `SteeringError.mismatch` for any other name.
    public static func choice(_ name: String, on device: Device) throws -> Choice {
        if name == "auto" {
            return device == .cpu
                ? Choice(dataType: .float32, reason: "a CPU computes with float32 at full speed and to the reference's digits")
                : Choice(dataType: .float16, reason: "a GPU computes with float16 fastest, in half the memory")
        }
        guard let type = DataType(rawValue: name), [.float32, .bfloat16, .float16].contains(type) else {
            throw SteeringError.mismatch("There is no data type \"\(name)\" for networks; use auto, float32, bfloat16 or float16.")
        }
        return Choice(dataType: type, reason: "--dtype asks for it")
    }

    static func choose(_ name: String, on device: Device) throws -> DataType { try choice(name, on: device).dataType }
}
