import CZlib

/// Turns pictures into commands of the kitty graphics protocol: the terminal keeps them under a number and shows them above the text.
struct KittyEncoder {
    /// Whether tmux is between this program and the terminal.
    var isInTmux = false

    /// The longest piece of encoded data that a command may carry.
    private static let longestChunk = 4096

    /// The commands that hand a picture over and show it at the cursor, as large as fits into a rectangle of cells with its proportions kept.
    ///
    /// The terminal stretches a picture to whole cells, so it gets one of the rectangle's proportions, transparent beside the picture.
    /// - Parameters:
    ///   - cell: the size of a cell in pixels.
    ///   - number: the picture's number in the terminal, from 1.
    ///   - partSize: about how many bytes to put into one part.
    /// - Throws: `TerminalError` when the picture cannot be compressed.
    func parts(
        of image: RasterImage, in rectangle: Rectangle, cell: PixelSize, number: Int, partSize: Int
    ) throws -> [PlacedImage.Part] {
        let size = Self.extended(image, to: rectangle, cell)
        let isExtended = size != PixelSize(width: image.width, height: image.height)
        let pixels = isExtended ? Self.extended(image, to: size) : image.pixels
        var parts: [PlacedImage.Part] = [PlacedImage.Part(row: 0, bytes: [])]
        let chunks = Self.base64(try Self.compressed(pixels)).chunked(Self.longestChunk)
        for (index, chunk) in chunks.enumerated() {
            if parts[parts.count - 1].bytes.count >= partSize { parts.append(PlacedImage.Part(row: 0, bytes: [])) }
            let keys = index == 0 ? "a=t,i=\(number),f=\(isExtended ? 32 : 24),o=z,s=\(size.width),v=\(size.height)," : ""
            parts[parts.count - 1].bytes += command(keys + "q=2,m=\(index < chunks.count - 1 ? 1 : 0)", data: chunk)
        }
        // `C=1` leaves the cursor alone, and `U=1` waits for placeholders.
        let cells = "c=\(rectangle.columns),r=\(rectangle.rows),\(isInTmux ? "U" : "C")=1"
        parts[parts.count - 1].bytes += command("a=p,i=\(number),p=1,\(cells),q=2")
        if isInTmux { parts[parts.count - 1].bytes += TmuxPassage.placeholders(in: rectangle, number: number) }
        return parts
    }

    /// The size of a picture to whose right and below so much is added that it has the proportions of a rectangle of cells.
    private static func extended(_ image: RasterImage, to rectangle: Rectangle, _ cell: PixelSize) -> PixelSize {
        let (width, height) = (Double(rectangle.columns * cell.width), Double(rectangle.rows * cell.height))
        let scale = min(width / Double(image.width), height / Double(image.height))
        return PixelSize(
            width: max(image.width, Int((width / scale).rounded())), height: max(image.height, Int((height / scale).rounded())))
    }

    /// The pixels of a picture, opaque, within a larger one that is transparent.
    private static func extended(_ image: RasterImage, to size: PixelSize) -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: 4 * size.width * size.height)
        for y in 0..<image.height {
            for x in 0..<image.width {
                let (from, to) = (3 * (y * image.width + x), 4 * (y * size.width + x))
                for channel in 0..<3 { pixels[to + channel] = image.pixels[from + channel] }
                pixels[to + 3] = 255
            }
        }
        return pixels
    }

    /// Removes a picture from the screen and from the terminal's memory.
    func removal(of number: Int) -> [UInt8] {
        command("a=d,d=I,i=\(number),q=2")
    }

    /// Removes all pictures.
    static let removalOfAll = KittyEncoder().command("a=d,d=A,q=2")

    /// Ends a picture of which not all parts have been sent, and removes it.
    func abandonment(of number: Int) -> [UInt8] {
        command("q=2,m=0") + removal(of: number)
    }

    private func command(_ keys: String, data: ArraySlice<UInt8> = []) -> [UInt8] {
        var bytes = Array("\u{1B}_G\(keys)".utf8)
        if !data.isEmpty {
            bytes.append(UInt8(ascii: ";"))
            bytes += data
        }
        bytes += [0x1B, UInt8(ascii: "\\")]
        return isInTmux ? TmuxPassage.wrapped(bytes) : bytes
    }

    /// Compressed at zlib's fastest level: a picture while dragging must not wait.
    private static func compressed(_ bytes: [UInt8]) throws -> [UInt8] {
        var count = compressBound(uLong(bytes.count))
        var status = Z_OK
        let result = [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
            status = compress2(buffer.baseAddress, &count, bytes, uLong(bytes.count), Z_BEST_SPEED)
            initialized = status == Z_OK ? Int(count) : 0
        }
        guard status == Z_OK else { throw TerminalError("A picture of \(bytes.count) bytes cannot be compressed (out of memory).") }
        return result
    }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let groups = (bytes.count + 2) / 3
        return [UInt8](unsafeUninitializedCapacity: 4 * groups) { result, count in
            count = 4 * groups
            for group in 0..<groups {
                let start = 3 * group
                let second = start + 1 < bytes.count ? Int(bytes[start + 1]) : 0
                let third = start + 2 < bytes.count ? Int(bytes[start + 2]) : 0
                let value = Int(bytes[start]) << 16 | second << 8 | third
                for digit in 0..<4 { result[4 * group + digit] = digits[value >> (18 - 6 * digit) & 63] }
                if start + 1 >= bytes.count { result[4 * group + 2] = UInt8(ascii: "=") }
                if start + 2 >= bytes.count { result[4 * group + 3] = UInt8(ascii: "=") }
            }
        }
    }
}

extension [UInt8] {
    /// The bytes in pieces of a length, the last one shorter.
    fileprivate func chunked(_ length: Int) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: count, by: length).map { self[$0..<Swift.min(count, $0 + length)] }
    }
}
