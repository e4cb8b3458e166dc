import Tensors

/// Which numbers the networks compute with.
enum Precision {
    /// Reads `auto`, `float32`, `bfloat16` or `float16`; `auto` is float16 on a GPU and float32 on the CPU.
    static func choose(_ name: String, on device: Device) throws -> DataType {
        if name == "auto" { return device == .cpu ? .float32 : .float16 }
        guard let type = DataType(rawValue: name), [.float32, .bfloat16, .float16].contains(type) else {
            throw SteeringError.mismatch("There is no data type \"\(name)\" for networks; use auto, float32, bfloat16 or float16.")
        }
        return type
    }
}
