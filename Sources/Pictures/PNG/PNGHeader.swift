/// The bytes that every PNG file begins with.
let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

/// A PNG file's IHDR chunk: size and sample layout.
struct PNGHeader {
    /// What the samples of a pixel mean (PNG specification, 11.2.2).
    enum ColorType: UInt8 {
        case grey = 0
        case color = 2
        case palette = 3
        case greyAlpha = 4
        case colorAlpha = 6

        var channels: Int {
            switch self {
            case .grey, .palette: 1
            case .greyAlpha: 2
            case .color: 3
            case .colorAlpha: 4
            }
        }

        var isGrey: Bool { self == .grey || self == .greyAlpha }

        var bitDepths: [Int] {
            switch self {
            case .grey: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            case .color, .greyAlpha, .colorAlpha: [8, 16]
            }
        }
    }

    let width: Int
    let height: Int
    let bitDepth: Int
    let colorType: ColorType
    let isInterlaced: Bool

    /// Parses an IHDR chunk's 13 bytes; nil unless they obey the specification.
    init?(_ body: ArraySlice<UInt8>) {
        var reader = ByteReader(body)
        guard body.count == 13,
            let width = reader.integer(UInt32.self), let height = reader.integer(UInt32.self),
            let bitDepth = reader.integer(UInt8.self).map(Int.init),
            let colorType = reader.integer(UInt8.self).flatMap(ColorType.init), colorType.bitDepths.contains(bitDepth),
            reader.integer(UInt16.self) == 0,  // the only methods of compression and filtering
            let interlace = reader.integer(UInt8.self), interlace <= 1
        else { return nil }
        self.width = Int(width)
        self.height = Int(height)
        self.bitDepth = bitDepth
        self.colorType = colorType
        isInterlaced = interlace == 1
    }

    /// The distance in bytes between a sample and its neighbour on the left, as filters count it; at least 1.
    var filterDistance: Int { max(1, colorType.channels * bitDepth / 8) }

    /// Bytes of a row of `width` pixels.
    func rowBytes(_ width: Int) -> Int { (width * colorType.channels * bitDepth + 7) / 8 }
}
