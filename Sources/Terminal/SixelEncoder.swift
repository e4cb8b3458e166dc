/// Turns pictures into sixel, the bytes that draw them at the cursor.
///
/// libsixel chooses the colours; dithering and writing are done here, where they take a third of its time and can stop at any row.
/// libsixel is not safe to share: one encoder belongs to one thread.
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
        var writer = try writer(for: image, quality: quality)
        return writer.string(rows: 0..<image.height)
    }

    /// Forgets the kept colours, for a picture that has nothing to do with the last.
    public func forgetPalette() {
        keptPalette = nil
    }

    private func writer(for image: RasterImage, quality: Quality) throws -> SixelWriter {
        switch quality {
        case .atRest:
            let palette = try SixelPalette(of: image.pixels, width: image.width, height: image.height, limit: 256)
            return SixelWriter(IndexedImage(dithered: image, palette), palette)
        case .dragging:
            let palette = try keptPalette ?? SixelPalette(of: image.pixels, width: image.width, height: image.height, limit: 64)
            keptPalette = palette
            return SixelWriter(IndexedImage(nearest: image, palette), palette)
        }
    }
}
