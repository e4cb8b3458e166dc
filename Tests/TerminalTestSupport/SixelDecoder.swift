/// A sixel string drawn into pixels, by the rules of the VT340 and nothing of libsixel's.
public struct SixelDecoder: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// The size that the raster attributes announce.
    public private(set) var width = 0
    public private(set) var height = 0
    /// The second parameter of the string: 1 leaves pixels that are not drawn as they were.
    public private(set) var backgroundMode: Int?
    /// Row by row; nil where nothing was drawn.
    public private(set) var pixels: [(red: UInt8, green: UInt8, blue: UInt8)?] = []
    /// Pixels drawn outside the announced size.
    public private(set) var overflow = 0

    private var palette: [Int: (red: UInt8, green: UInt8, blue: UInt8)] = [:]
    private var color = 0
    private var x = 0
    private var y = 0
    private var rest: ArraySlice<UInt8>

    /// Decodes one string, `ESC P … ESC \`.
    /// - Throws: `Failure` when it is not sixel.
    public init(_ bytes: some Collection<UInt8>) throws {
        let bytes = Array(bytes)
        guard bytes.starts(with: [0x1B, UInt8(ascii: "P")]), bytes.suffix(2) == [0x1B, UInt8(ascii: "\\")], bytes.count > 4 else {
            throw Failure(description: "not between ESC P and ESC \\")
        }
        rest = bytes[2..<bytes.count - 2]
        let parameters = numbers()
        backgroundMode = parameters.count > 1 ? parameters[1] : nil
        guard rest.popFirst() == UInt8(ascii: "q") else { throw Failure(description: "a device control string of another kind") }
        while let byte = rest.popFirst() { try obey(byte) }
    }

    /// This picture with another one of the same width below it.
    func appending(_ other: SixelDecoder) -> SixelDecoder {
        var both = self
        both.height += other.height
        both.pixels += other.pixels
        return both
    }

    /// The red, green and blue of all pixels; pixels that were not drawn are black.
    public var rgb: [UInt8] { pixels.flatMap { $0.map { [$0.red, $0.green, $0.blue] } ?? [0, 0, 0] } }

    /// How many pixels of the announced size nothing was drawn on.
    public var holes: Int { pixels.count { $0 == nil } }

    private mutating func obey(_ byte: UInt8) throws {
        switch byte {
        case UInt8(ascii: "\""): setSize(numbers())
        case UInt8(ascii: "#"): try selectColor(numbers())
        case UInt8(ascii: "!"): try repeatSixel()
        case UInt8(ascii: "$"): x = 0
        case UInt8(ascii: "-"):
            x = 0
            y += 6
        case 0x3F...0x7E: draw(byte - 0x3F)
        case 0x0A, 0x0D: break
        default: throw Failure(description: "byte \(byte) means nothing in sixel")
        }
    }

    private mutating func setSize(_ parameters: [Int]) {
        guard parameters.count == 4 else { return }
        width = parameters[2]
        height = parameters[3]
        pixels = Array(repeating: nil, count: width * height)
    }

    private mutating func selectColor(_ parameters: [Int]) throws {
        guard let register = parameters.first else { throw Failure(description: "a colour without a number") }
        color = register
        guard parameters.count == 5 else { return }
        guard parameters[1] == 2 else { throw Failure(description: "a colour that is not RGB") }
        let channels = parameters[2...].map { UInt8(clamping: ($0 * 255 + 50) / 100) }
        palette[register] = (channels[0], channels[1], channels[2])
    }

    private mutating func repeatSixel() throws {
        guard let count = numbers().first, let byte = rest.popFirst(), (0x3F...0x7E).contains(byte) else {
            throw Failure(description: "a repetition of nothing")
        }
        for _ in 0..<count { draw(byte - 0x3F) }
    }

    private mutating func draw(_ bits: UInt8) {
        for bit in 0..<6 where bits & (1 << bit) != 0 {
            if x < width, y + bit < height { pixels[(y + bit) * width + x] = palette[color] ?? (0, 0, 0) } else { overflow += 1 }
        }
        x += 1
    }

    private mutating func numbers() -> [Int] {
        let text = rest.prefix { (0x30...0x3B).contains($0) }
        rest = rest.dropFirst(text.count)
        return text.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map {
            Int(String(decoding: $0, as: UTF8.self)) ?? 0
        }
    }
}

extension SixelDecoder {
    /// The mean of all pixels, per channel.
    public var mean: (red: Double, green: Double, blue: Double) {
        let samples = rgb
        let means = (0..<3).map { channel in
            let sum = stride(from: channel, to: samples.count, by: 3).reduce(0) { $0 + Int(samples[$1]) }
            return Double(3 * sum) / Double(max(1, samples.count))
        }
        return (means[0], means[1], means[2])
    }
}
