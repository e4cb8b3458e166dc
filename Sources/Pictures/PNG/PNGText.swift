import Foundation

extension Picture {
    /// The texts that a PNG file carries (tEXt, zTXt and iTXt chunks), by keyword; of equal keywords the last.
    /// - Parameters:
    ///   - data: the file.
    ///   - name: stands for the file in error messages.
    /// - Throws: `PictureError` when the data is not a PNG file, ends within a chunk, or a text breaks the rules. One whose
    ///   checksum is wrong is passed over.
    public static func pngText(in data: Data, name: String = "the picture") throws -> [String: String] {
        guard PictureFormat(sniffing: data) == .png else { throw PictureError.unknownFormat(name: name) }
        var texts: [String: String] = [:]
        var chunks = PNGChunks(.memory(data), name: name)
        while let chunk = try chunks.next(), chunk.type != "IEND" {
            guard ["tEXt", "zTXt", "iTXt"].contains(chunk.type), let body = try chunks.body(of: chunk) else { continue }
            guard let entry = textEntry(body, ofType: chunk.type) else {
                throw PictureError.damaged(name: name, reason: "a text in its PNG data cannot be read")
            }
            texts[entry.keyword] = entry.text
        }
        return texts
    }
}

/// The chunk that holds a text: tEXt where ASCII is enough, else iTXt.
func pngTextChunk(keyword: String, text: String) throws(PictureError) -> (type: String, body: [UInt8]) {
    let key = Array(keyword.utf8)
    guard (1...79).contains(key.count), key.allSatisfy({ (32...126).contains($0) }),
        key.first != 32, key.last != 32, !keyword.contains("  ")
    else {
        throw .badText(keyword: keyword, reason: "a keyword is 1 to 79 plain letters, digits and signs, with single spaces between")
    }
    let value = Array(text.utf8)
    guard !value.contains(0) else { throw .badText(keyword: keyword, reason: "the text contains a zero character") }
    if value.allSatisfy({ $0 < 128 }) { return ("tEXt", key + [0] + value) }
    // Not compressed; no language, no translated keyword.
    return ("iTXt", key + [0, 0, 0, 0, 0] + value)
}

/// The EXIF data that a text chunk holds in the way of ImageMagick, or nil: a name, a count, and bytes as hexadecimal digits.
func rawExifProfile(inText body: ArraySlice<UInt8>, ofType type: String) -> [UInt8]? {
    let keyword = body.prefix { $0 != 0 }
    guard keyword.elementsEqual("Raw profile type exif".utf8) || keyword.elementsEqual("Raw profile type APP1".utf8),
        let text = textEntry(body, ofType: type)?.text
    else { return nil }
    let lines = text.split(whereSeparator: \.isNewline)
    guard lines.count > 2 else { return nil }
    let digits = lines.dropFirst(2).joined().compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// The keyword and text of a text chunk (PNG specification, 11.3.4); nil when they break the rules.
private func textEntry(_ body: ArraySlice<UInt8>, ofType type: String) -> (keyword: String, text: String)? {
    var reader = ByteReader(body)
    guard let keyword = reader.untilZero().map(latin1) else { return nil }
    switch type {
    case "tEXt":
        return (keyword, latin1(reader.rest))
    case "zTXt":
        guard reader.integer(UInt8.self) == 0, let text = inflated(reader.rest) else { return nil }
        return (keyword, latin1(text))
    default:
        guard let isCompressed = reader.integer(UInt8.self), reader.integer(UInt8.self) == 0,
            reader.untilZero() != nil, reader.untilZero() != nil,
            let bytes = isCompressed == 0 ? reader.rest : inflated(reader.rest),
            let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        return (keyword, text)
    }
}

private func latin1(_ bytes: ArraySlice<UInt8>) -> String {
    String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
}

/// The decompressed bytes of a text or a profile, unless they are broken or more than 16 MiB: a small file can claim gigabytes.
func inflated(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let limit = 1 << 24
    var output = [UInt8](repeating: 0, count: limit + 1)
    guard let count = try? output.withUnsafeMutableBufferPointer({ try Inflater(Array(bytes)).read(into: $0) }), count <= limit else {
        return nil
    }
    return output.prefix(count)
}
