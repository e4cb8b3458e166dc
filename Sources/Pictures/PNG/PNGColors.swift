/// Turns a PNG file's restored rows into red, green, blue and opacity.
enum PNGColors {
    /// Samples of up to 8 bits that look their colour up: `[256, 4]`.
    case table([UInt8])
    /// Samples that are colours themselves; a pixel whose bytes equal `transparent` is not seen.
    case samples(channels: Int, bytesEach: Int, transparent: [UInt8])

    /// - Parameters:
    ///   - palette: the PLTE chunk, three bytes a colour.
    ///   - transparency: the tRNS chunk: an opacity for each palette entry, or the one transparent colour in 16-bit samples.
    init(_ header: PNGHeader, palette: ArraySlice<UInt8>, transparency: ArraySlice<UInt8>) {
        switch header.colorType {
        case .palette:
            self = .table(Self.table(palette: palette, opacities: transparency))
        case .grey where header.bitDepth <= 8:
            self = .table(Self.table(greysOfDepth: header.bitDepth, transparent: transparency.last))
        default:
            let bytesEach = header.bitDepth / 8
            let key = bytesEach == 2 ? Array(transparency) : transparency.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
            let fits = key.count == header.colorType.channels * bytesEach
            self = .samples(channels: header.colorType.channels, bytesEach: bytesEach, transparent: fits ? key : [])
        }
    }

    /// Colours beyond the palette's end are black.
    private static func table(palette: ArraySlice<UInt8>, opacities: ArraySlice<UInt8>) -> [UInt8] {
        var table = [UInt8](repeating: 0, count: 256 * 4)
        for color in 0..<256 { table[color * 4 + 3] = 255 }
        let count = min(256, palette.count / 3)
        for (index, sample) in palette.prefix(count * 3).enumerated() { table[index / 3 * 4 + index % 3] = sample }
        for (color, alpha) in opacities.prefix(count).enumerated() { table[color * 4 + 3] = alpha }
        return table
    }

    private static func table(greysOfDepth depth: Int, transparent: UInt8?) -> [UInt8] {
        let largest = (1 << depth) - 1
        return (0..<256).flatMap { sample in
            let grey = UInt8(min(sample, largest) * 255 / largest)
            return [grey, grey, grey, transparent.map(Int.init) == sample ? 0 : 255]
        }
    }

    /// Writes `count` pixels of `row`, four samples each.
    func paint(_ row: UnsafeBufferPointer<UInt8>, count: Int, bitDepth: Int, to target: UnsafeMutableBufferPointer<UInt8>) {
        switch self {
        case .table(let colors):
            colors.withUnsafeBufferPointer { Self.paint(row, count: count, bitDepth: bitDepth, colors: $0, to: target) }
        case .samples(let channels, let bytesEach, let transparent):
            let hasColor = channels >= 3
            let hasAlpha = channels % 2 == 0
            for pixel in 0..<count {
                let sample = pixel * channels * bytesEach
                for channel in 0..<3 {
                    // Of 16 bits the upper 8 are the colour, as Pillow reads them.
                    target[pixel * 4 + channel] = row[sample + (hasColor ? channel * bytesEach : 0)]
                }
                target[pixel * 4 + 3] =
                    hasAlpha
                    ? row[sample + (channels - 1) * bytesEach]
                    : Self.isEqual(row, at: sample, to: transparent) ? 0 : 255
            }
        }
    }

    private static func paint(
        _ row: UnsafeBufferPointer<UInt8>, count: Int, bitDepth: Int, colors: UnsafeBufferPointer<UInt8>,
        to target: UnsafeMutableBufferPointer<UInt8>
    ) {
        let mask = (1 << bitDepth) - 1
        for pixel in 0..<count {
            let bit = pixel * bitDepth
            let sample = Int(row[bit / 8]) >> (8 - bitDepth - bit % 8) & mask
            for channel in 0..<4 { target[pixel * 4 + channel] = colors[sample * 4 + channel] }
        }
    }

    @inline(__always)
    private static func isEqual(_ row: UnsafeBufferPointer<UInt8>, at start: Int, to bytes: [UInt8]) -> Bool {
        if bytes.isEmpty { return false }
        return bytes.indices.allSatisfy { row[start + $0] == bytes[$0] }
    }
}
