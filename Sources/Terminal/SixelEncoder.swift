import CSixel

/// Turns pictures into sixel, the bytes that draw them at the cursor.
///
/// It works on libsixel's low-level interface, which is not safe to share: one encoder belongs to one thread. Only buffers made here
/// ever reach the library.
public final class SixelEncoder {
    /// What the picture is for.
    public enum Quality: Sendable {
        /// Soon replaced: 64 colours, kept from picture to picture so that they do not shimmer, without dithering.
        case dragging
        /// Here to stay: 256 colours of its own, dithered by Floyd and Steinberg's method.
        case atRest
    }

    /// The most pixels along one side that the encoder takes.
    public static let largestSide = 10_000

    private var keptPalette: SixelPalette?

    public init() {}

    /// Encodes a picture; a height that is not a multiple of six grows to the next one by repeating the last row.
    /// - Throws: `TerminalError` when the picture is too large or libsixel fails.
    public func encode(_ image: RasterImage, quality: Quality) throws -> [UInt8] {
        guard image.width <= Self.largestSide, image.height <= Self.largestSide else {
            throw TerminalError(
                "A picture of \(image.width)×\(image.height) pixels is too large for sixel; make it smaller than \(Self.largestSide).")
        }
        var pixels = Self.padded(image)
        let height = pixels.count / (3 * image.width)
        let palette = try palette(for: &pixels, width: image.width, height: height, quality: quality)
        let output = try SixelOutput()
        try check(sixel_encode(&pixels, Int32(image.width), Int32(height), 8, palette.dither, output.handle), "encode a picture")
        return output.bytes.finished()
    }

    /// Forgets the kept colours, for a picture that has nothing to do with the last.
    public func forgetPalette() {
        keptPalette = nil
    }

    private func palette(for pixels: inout [UInt8], width: Int, height: Int, quality: Quality) throws -> SixelPalette {
        switch quality {
        case .atRest:
            return try SixelPalette(of: &pixels, width: width, height: height, colors: 256, diffusion: Int32(SIXEL_DIFFUSE_FS))
        case .dragging:
            if let keptPalette { return keptPalette }
            let fresh = try SixelPalette(of: &pixels, width: width, height: height, colors: 64, diffusion: Int32(SIXEL_DIFFUSE_NONE))
            keptPalette = fresh
            return fresh
        }
    }

    /// A copy of the pixels, since error diffusion writes into its input, with whole bands of six rows, since libsixel shifts a shorter one.
    private static func padded(_ image: RasterImage) -> [UInt8] {
        var pixels = image.pixels
        let missing = (6 - image.height % 6) % 6
        let lastRow = image.pixels.suffix(3 * image.width)
        for _ in 0..<missing { pixels.append(contentsOf: lastRow) }
        return pixels
    }
}

/// A palette chosen for one picture.
///
/// libsixel caches the nearest entry of every colour, and does not clear that cache when the palette changes: hence one object per palette.
private final class SixelPalette {
    let dither: OpaquePointer

    init(of pixels: inout [UInt8], width: Int, height: Int, colors: Int32, diffusion: Int32) throws {
        var created: OpaquePointer?
        try check(sixel_dither_new(&created, colors, nil), "make a palette")
        guard let created else { throw TerminalError("libsixel made no palette.") }
        dither = created
        try check(
            sixel_dither_initialize(
                created, &pixels, Int32(width), Int32(height), Int32(SIXEL_PIXELFORMAT_RGB888),
                Int32(SIXEL_LARGE_NORM), Int32(SIXEL_REP_CENTER_BOX), Int32(SIXEL_QUALITY_LOW)), "choose colours")
        Self.restoreRange(of: created)
        // After initializing, which turns diffusion off for good when a picture has few colours.
        sixel_dither_set_diffusion_type(created, diffusion)
        sixel_dither_set_pixelformat(created, Int32(SIXEL_PIXELFORMAT_RGB888))
        // Optimizing would reorder the palette, which the next picture uses again.
        sixel_dither_set_optimize_palette(created, 0)
    }

    deinit {
        sixel_dither_unref(dither)
    }

    /// libsixel counts colours by their upper five bits and leaves the lower three zero, so that white would come out as grey.
    private static func restoreRange(of dither: OpaquePointer) {
        guard let palette = sixel_dither_get_palette(dither) else { return }
        for index in 0..<3 * Int(sixel_dither_get_num_of_palette_colors(dither)) {
            palette[index] = UInt8(clamping: Int(palette[index]) + Int(palette[index] >> 5))
        }
    }
}

/// Where libsixel writes to.
private final class SixelOutput {
    let bytes = SixelBytes()
    let handle: OpaquePointer

    init() throws {
        var created: OpaquePointer?
        let receive: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, UnsafeMutableRawPointer?) -> Int32 = { data, count, context in
            guard let data, let context else { return -1 }
            Unmanaged<SixelBytes>.fromOpaque(context).takeUnretainedValue().append(UnsafeRawBufferPointer(start: data, count: Int(count)))
            return 0
        }
        try check(sixel_output_new(&created, receive, Unmanaged.passUnretained(bytes).toOpaque(), nil), "make an output")
        guard let created else { throw TerminalError("libsixel made no output.") }
        handle = created
        // libsixel's own envelope leaves out the second parameter, without which some terminals treat the background differently.
        sixel_output_set_skip_dcs_envelope(created, 1)
        sixel_output_set_encode_policy(created, Int32(SIXEL_ENCODEPOLICY_SIZE))
    }

    deinit {
        sixel_output_unref(handle)
    }
}

/// The bytes of one sixel string; libsixel begins with the letter after the parameters.
private final class SixelBytes {
    private var bytes = Array("\u{1B}P0;1;0".utf8)

    func append(_ data: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: data)
    }

    func finished() -> [UInt8] {
        bytes + Array("\u{1B}\\".utf8)
    }
}

/// - Throws: `TerminalError` when a status of libsixel means failure.
private func check(_ status: SIXELSTATUS, _ action: String) throws {
    guard status & 0x1000 == 0 else {
        throw TerminalError("libsixel could not \(action): \(String(cString: sixel_helper_format_error(status))).")
    }
}
