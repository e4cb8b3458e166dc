/// Pickles put together by hand, protocol 2.
enum Pickle {
    /// `{"a": <one float32, storage 0>}`
    static let oneTensor = document(emptyDict + text("a") + tensor() + setItem)

    static func document(_ body: [UInt8]) -> [UInt8] { [0x80, 2] + body + [0x2E] }

    /// A float32 tensor over storage 0, which has `count` elements.
    static func tensor(count: [UInt8] = int(1), offset: [UInt8] = int(0), shape: [[UInt8]] = [int(1)], strides: [[UInt8]] = [int(1)])
        -> [UInt8]
    {
        let storage = tuple([text("storage"), global("torch", "FloatStorage"), text("0"), text("cpu"), count]) + [0x51]
        let function = global("torch._utils", "_rebuild_tensor_v2")
        return function + tuple([storage, offset, tuple(shape), tuple(strides), [0x89], emptyDict]) + [0x52]
    }

    static let emptyDict: [UInt8] = [0x7D]
    static let setItem: [UInt8] = [0x73]

    static func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
    static func int(_ value: UInt8) -> [UInt8] { [0x4B, value] }
    static func wide(_ value: Int) -> [UInt8] { [0x8A, 8] + withUnsafeBytes(of: value.littleEndian, Array.init) }
    static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
    static func tuple(_ items: [[UInt8]]) -> [UInt8] { [0x28] + items.joined() + [0x74] }
}
