import CSixel

/// Colours chosen for one picture, and which of them is nearest to any other colour.
final class SixelPalette {
    /// Red, green and blue of every colour, as they come out when sixel has counted them from 0 to 100.
    let channels: UnsafeBufferPointer<Int32>
    /// The palette entry for each colour, by its upper five bits per component; below 0 until it is looked up.
    private let nearest: UnsafeMutableBufferPointer<Int16>

    /// The number of different colours that `nearest` tells apart.
    private static let lookupSize = 1 << 15

    /// Chooses colours by libsixel's median cut.
    /// - Parameter limit: how many colours at most, up to 256.
    /// - Throws: `TerminalError` when libsixel fails.
    init(of image: RasterImage, limit: Int) throws {
        let chosen = try Self.choose(image, limit: limit).map { Self.shown(percent: Self.percent(of: $0)) }
        let channels = UnsafeMutableBufferPointer<Int32>.allocate(capacity: chosen.count)
        _ = channels.initialize(from: chosen)
        self.channels = UnsafeBufferPointer(channels)
        nearest = .allocate(capacity: Self.lookupSize)
        nearest.initialize(repeating: -1)
    }

    deinit {
        channels.deallocate()
        nearest.deallocate()
    }

    /// The number of colours.
    var count: Int { channels.count / 3 }

    /// The entry nearest to a colour, of which the upper five bits per channel count.
    @inline(__always) func entry(red: Int32, green: Int32, blue: Int32) -> Int {
        let key = Int(red >> 3) << 10 | Int(green >> 3) << 5 | Int(blue >> 3)
        let known = nearest[key]
        return known >= 0 ? Int(known) : search(key)
    }

    /// The command that puts an entry into the terminal's register of the same number.
    func definition(of entry: Int) -> String {
        let percents = (0..<3).map { Self.percent(of: UInt8(channels[3 * entry + $0])) }
        return "#\(entry);2;\(percents[0]);\(percents[1]);\(percents[2])"
    }

    private func search(_ key: Int) -> Int {
        // Stretched so that black and white stay what they are.
        let target = [key >> 10, key >> 5 & 31, key & 31].map { Int32($0 << 3 | $0 >> 2) }
        let (red, green, blue) = (target[0], target[1], target[2])
        var best = 0
        var least = Int32.max
        var entry = 0
        while entry < count {
            let differences = (channels[3 * entry] &- red, channels[3 * entry + 1] &- green, channels[3 * entry + 2] &- blue)
            // The eye minds green the most.
            let distance =
                2 &* differences.0 &* differences.0 &+ 4 &* differences.1 &* differences.1 &+ differences.2 &* differences.2
            if distance < least { (best, least) = (entry, distance) }
            entry += 1
        }
        nearest[key] = Int16(best)
        return best
    }

    private static func percent(of value: UInt8) -> Int { (Int(value) * 100 + 127) / 255 }

    private static func shown(percent: Int) -> Int32 { Int32((percent * 255 + 50) / 100) }

    private static func choose(_ image: RasterImage, limit: Int) throws -> [UInt8] {
        var created: OpaquePointer?
        try check(sixel_dither_new(&created, Int32(limit), nil), "make a palette")
        guard let dither = created else { throw TerminalError("libsixel made no palette.") }
        defer { sixel_dither_unref(dither) }
        // libsixel only reads, yet asks for memory that may be written.
        var pixels = image.pixels
        try check(
            sixel_dither_initialize(
                dither, &pixels, Int32(image.width), Int32(image.height), Int32(SIXEL_PIXELFORMAT_RGB888),
                Int32(SIXEL_LARGE_NORM), Int32(SIXEL_REP_CENTER_BOX), Int32(SIXEL_QUALITY_LOW)), "choose colours")
        guard let palette = sixel_dither_get_palette(dither) else { throw TerminalError("libsixel chose no colours.") }
        let count = Int(sixel_dither_get_num_of_palette_colors(dither))
        return (0..<3 * max(1, count)).map { restored(palette[$0]) }
    }

    /// libsixel counts colours by their upper five bits and leaves the lower three zero, so that white would come out as grey.
    private static func restored(_ value: UInt8) -> UInt8 { UInt8(clamping: Int(value) + Int(value >> 5)) }
}

/// - Throws: `TerminalError` when a status of libsixel means failure.
private func check(_ status: SIXELSTATUS, _ action: String) throws {
    guard status & 0x1000 == 0 else {
        throw TerminalError("libsixel could not \(action): \(String(cString: sixel_helper_format_error(status))).")
    }
}
