/// Turns pictures into sixel, the bytes that draw them at the cursor.
///
/// libsixel chooses the colours; dithering and writing are done here, where they take a third of its time and can stop at any row.
/// libsixel is not safe to share: one encoder belongs to one thread.
public final class SixelEncoder {
    /// What the picture is for.
    public enum Quality: Sendable {
        /// Soon replaced, over a connection that carries little: 16 kept colours, and pixels of four times the size.
        case sketch
        /// Soon replaced: 64 colours, kept from picture to picture so that they do not shimmer, without dithering.
        case dragging
        /// Here to stay: 256 colours of its own, dithered by Floyd and Steinberg's method.
        case atRest
    }

    /// Some rows of a picture.
    struct Strip {
        let firstRow: Int
        let bytes: [UInt8]
    }

    /// The most pixels along one side that the encoder takes.
    public static let largestSide = 10_000

    private var keptPalettes: [Quality: SixelPalette] = [:]

    public init() {}

    /// Encodes a picture; a height that is not a multiple of six grows to the next one by repeating the last row.
    /// - Throws: `TerminalError` when the picture is too large or libsixel fails.
    public func encode(_ image: RasterImage, quality: Quality) throws -> [UInt8] {
        var writer = try writer(for: image, quality: quality)
        return writer.string(rows: 0..<image.height)
    }

    /// Encodes a picture in strips of whole cells.
    /// - Parameters:
    ///   - cellHeight: the height of a cell in pixels.
    ///   - partSize: about how many bytes to put into one strip.
    /// - Throws: `TerminalError` when the picture is too large or libsixel fails.
    func encode(_ image: RasterImage, quality: Quality, cellHeight: Int, partSize: Int) throws -> [Strip] {
        var writer = try writer(for: image, quality: quality)
        let whole = writer.string(rows: 0..<image.height)
        guard whole.count > partSize else { return [Strip(firstRow: 0, bytes: whole)] }
        // A strip must fill both its cells and its bands of six rows.
        let smallest = cellHeight.isMultiple(of: 6) ? cellHeight : cellHeight.isMultiple(of: 2) ? 3 * cellHeight : 6 * cellHeight
        let wanted = image.height * partSize / whole.count
        let height = max(1, wanted / smallest) * smallest
        return stride(from: 0, to: image.height, by: height).map { row in
            Strip(firstRow: row, bytes: writer.string(rows: row..<min(image.height, row + height)))
        }
    }

    /// Forgets the kept colours, for a picture that has nothing to do with the last.
    public func forgetPalette() {
        keptPalettes = [:]
    }

    private func writer(for image: RasterImage, quality: Quality) throws -> SixelWriter {
        guard image.width <= Self.largestSide, image.height <= Self.largestSide else {
            throw TerminalError(
                "A picture of \(image.width)×\(image.height) pixels is too large for sixel; make it smaller than \(Self.largestSide).")
        }
        switch quality {
        case .atRest:
            let palette = try SixelPalette(of: image, limit: 256)
            return SixelWriter(IndexedImage(dithered: image, palette), palette)
        case .dragging:
            let palette = try keptPalette(.dragging, of: image, limit: 64)
            return SixelWriter(IndexedImage(nearest: image, palette), palette)
        case .sketch:
            let small = image.scaled(toWidth: (image.width + 1) / 2, height: (image.height + 1) / 2)
            let palette = try keptPalette(.sketch, of: small, limit: 16)
            return SixelWriter(IndexedImage(nearest: small, palette).doubled(width: image.width, height: image.height), palette)
        }
    }

    private func keptPalette(_ quality: Quality, of image: RasterImage, limit: Int) throws -> SixelPalette {
        if let kept = keptPalettes[quality] { return kept }
        let palette = try SixelPalette(of: image, limit: limit)
        keptPalettes[quality] = palette
        return palette
    }
}
