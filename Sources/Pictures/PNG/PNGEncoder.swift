import CZlib
import Files
import Foundation

extension Picture {
    /// The picture as a PNG file, with text chunks that any viewer shows; the same picture always gives the same bytes.
    /// - Parameters:
    ///   - text: keywords of 1 to 79 Latin letters, digits, signs and single spaces, each with its text.
    ///   - compression: zlib's effort, 0 (none) to 9 (most).
    /// - Throws: `PictureError` when a keyword or text is not one that PNG can hold.
    public func pngData(text: [(keyword: String, text: String)] = [], compression: Int = 6) throws -> Data {
        var file = Data(pngSignature)
        file.append(pngChunk: "IHDR", pngHeader)
        for entry in text {
            let chunk = try pngTextChunk(keyword: entry.keyword, text: entry.text)
            file.append(pngChunk: chunk.type, chunk.body)
        }
        file.append(pngChunk: "IDAT", try deflated(pngRows, effort: compression))
        file.append(pngChunk: "IEND", [])
        return file
    }

    /// Saves the picture as a PNG file, atomically: a reader sees the old file or the new one, never a part.
    /// - Throws: `PictureError` as `pngData`, `AtomicFileError` when the file cannot be saved.
    public func write(toPNG url: URL, text: [(keyword: String, text: String)] = []) throws {
        try AtomicFile.write(pngData(text: text), to: url)
    }

    /// The picture as a `data:image/png;base64,…` address.
    /// - Throws: `PictureError` when it cannot be compressed.
    public var dataURI: String {
        get throws { "data:image/png;base64," + (try pngData().base64EncodedString()) }
    }

    private var pngHeader: [UInt8] {
        let bitDepth: UInt8 = 8
        let color = PNGHeader.ColorType.color.rawValue
        return bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [bitDepth, color, 0, 0, 0]
    }

    /// The rows, each after its filter byte: always Paeth, which suits photographs and paintings best.
    private var pngRows: [UInt8] {
        let rowBytes = width * 3
        var rows: [UInt8] = []
        rows.reserveCapacity((rowBytes + 1) * height)
        pixels.withUnsafeBufferPointer { pixels in
            for start in stride(from: 0, to: pixels.count, by: rowBytes) {
                rows.append(PNGFilter.paeth.rawValue)
                for i in start..<start + rowBytes {
                    let left = i >= start + 3 ? pixels[i - 3] : 0
                    let above = i >= rowBytes ? pixels[i - rowBytes] : 0
                    let aboveLeft = i >= start + 3 && i >= rowBytes ? pixels[i - rowBytes - 3] : 0
                    rows.append(pixels[i] &- PNGFilter.paeth(left: left, above: above, aboveLeft: aboveLeft))
                }
            }
        }
        return rows
    }
}

private func deflated(_ bytes: [UInt8], effort: Int) throws(PictureError) -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var output = [UInt8](repeating: 0, count: Int(count))
    guard compress2(&output, &count, bytes, UInt(bytes.count), Int32(min(max(effort, 0), 9))) == Z_OK else {
        throw .cannotEncode(reason: "there is no memory for it")
    }
    return Array(output.prefix(Int(count)))
}

extension Data {
    fileprivate mutating func append(pngChunk type: String, _ body: [UInt8]) {
        let checked = Array(type.utf8) + body
        append(contentsOf: bigEndian(UInt32(body.count)))
        append(contentsOf: checked)
        append(contentsOf: bigEndian(Checksum.crc32(checked)))
    }
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
}
