/// Turns a PNG file's restored rows into red, green and blue over white.
enum PNGColors {
    /// Samples of up to 8 bits that look their colour up: `[256, 3]`.
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
        var table = Array(palette.prefix(256 * 3))
        for (color, alpha) in zip(0..<table.count / 3, opacities) {
            for channel in 0..<3 { table[color * 3 + channel] = overWhite(table[color * 3 + channel], alpha: alpha) }
        }
        return table + [UInt8](repeating: 0, count: 256 * 3 - table.count)
    }

    private static func table(greysOfDepth depth: Int, transparent: UInt8?) -> [UInt8] {
        let largest = (1 << depth) - 1
        return (0..<256).flatMap { sample in
            let grey = transparent.map(Int.init) == sample ? 255 : UInt8(min(sample, largest) * 255 / largest)
            return [grey, grey, grey]
        }
    }

    /// Writes `count` pixels of `row`, each `step` samples after the one before.
    func paint(_ row: UnsafeBufferPointer<UInt8>, count: Int, bitDepth: Int, to target: UnsafeMutablePointer<UInt8>, step: Int) {
        switch self {
        case .table(let colors):
            colors.withUnsafeBufferPointer { Self.paint(row, count: count, bitDepth: bitDepth, colors: $0, to: target, step: step) }
        case .samples(let channels, let bytesEach, let transparent):
            let hasColor = channels >= 3
            let hasAlpha = channels % 2 == 0
            for pixel in 0..<count {
                let sample = pixel * channels * bytesEach
                let alpha =
                    hasAlpha
                    ? row[sample + (channels - 1) * bytesEach]
                    : Self.isEqual(row, at: sample, to: transparent) ? 0 : 255
                for channel in 0..<3 {
                    // Of 16 bits the upper 8 are the colour, as Pillow reads them.
                    let value = row[sample + (hasColor ? channel * bytesEach : 0)]
                    target[pixel * step + channel] = overWhite(value, alpha: alpha)
                }
            }
        }
    }

    private static func paint(
        _ row: UnsafeBufferPointer<UInt8>, count: Int, bitDepth: Int, colors: UnsafeBufferPointer<UInt8>,
        to target: UnsafeMutablePointer<UInt8>, step: Int
    ) {
        let mask = (1 << bitDepth) - 1
        for pixel in 0..<count {
            let bit = pixel * bitDepth
            let sample = Int(row[bit / 8]) >> (8 - bitDepth - bit % 8) & mask
            for channel in 0..<3 { target[pixel * step + channel] = colors[sample * 3 + channel] }
        }
    }

    @inline(__always)
    private static func isEqual(_ row: UnsafeBufferPointer<UInt8>, at start: Int, to bytes: [UInt8]) -> Bool {
        if bytes.isEmpty { return false }
        return bytes.indices.allSatisfy { row[start + $0] == bytes[$0] }
    }
}
