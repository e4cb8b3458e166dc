/// A kind of file that Fader does not read, told by how it begins, so that the refusal can say what it is.
enum ForeignFormat {
    /// What a file that begins with these bytes is and what to do with it, for a sentence; nil when nothing is known of it.
    static func advice(for start: ArraySlice<UInt8>) -> String? {
        if let picture = pictureName(start) { return "this is \(picture), which Fader does not read; convert it to PNG, JPEG or WebP" }
        if let other = otherName(start) { return "this is \(other), not a picture" }
        return nil
    }

    private static let pictures: [(signature: String, name: String)] = [
        ("GIF8", "a GIF"), ("8BPS", "a Photoshop file"), ("gimp xcf", "a GIMP file"), ("qoif", "a QOI"), ("FUJIFILMCCD-RAW", "a raw photo"),
        ("P1\n", "a PBM"), ("P2\n", "a PGM"), ("P3\n", "a PPM"), ("P4\n", "a PBM"), ("P5\n", "a PGM"), ("P6\n", "a PPM"),
    ]

    private static let binaryPictures: [(signature: [UInt8], name: String)] = [
        ([0x49, 0x49, 0x2A, 0], "a TIFF or raw photo"), ([0x4D, 0x4D, 0, 0x2A], "a TIFF or raw photo"),
        ([0x49, 0x49, 0x2B, 0], "a TIFF"), ([0x4D, 0x4D, 0, 0x2B], "a TIFF"),
        ([0xFF, 0x0A], "a JPEG XL"), ([0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20], "a JPEG XL"),
        ([0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20], "a JPEG 2000"), ([0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000"),
        ([0, 0, 1, 0], "an icon (ICO)"), ([0x76, 0x2F, 0x31, 0x01], "an OpenEXR"),
    ]

    private static func pictureName(_ start: ArraySlice<UInt8>) -> String? {
        if let found = pictures.first(where: { start.starts(with: $0.signature.utf8) }) { return found.name }
        if let found = binaryPictures.first(where: { start.starts(with: $0.signature) }) { return found.name }
        // The two letters are common; the four zeros behind the file's length are not.
        if start.starts(with: "BM".utf8), start.dropFirst(6).starts(with: [0, 0, 0, 0]) { return "a BMP" }
        if let name = mediaName(start), name != video { return name }
        return text(start).contains("<svg") ? "an SVG" : nil
    }

    private static func otherName(_ start: ArraySlice<UInt8>) -> String? {
        if mediaName(start) == video { return video }
        if start.starts(with: "%PDF".utf8) { return "a PDF" }
        if start.starts(with: [0x50, 0x4B, 3, 4]) { return "a ZIP archive" }
        if start.starts(with: "version https://git-lfs".utf8) { return "a pointer of Git LFS (git lfs pull fetches the file)" }
        let text = text(start)
        return ["<!doctype html", "<html", "<head", "<body"].contains { text.contains($0) }
            ? "a web page (the download brought the page around the picture)" : nil
    }

    private static let video = "a video"

    /// The kind of an ISO base media file, by its brand.
    private static func mediaName(_ start: ArraySlice<UInt8>) -> String? {
        guard start.dropFirst(4).starts(with: "ftyp".utf8) else { return nil }
        switch String(decoding: start.dropFirst(8).prefix(4), as: UTF8.self) {
        case "avif", "avis": return "an AVIF"
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1": return "a HEIC"
        case "crx ": return "a raw photo"
        default: return video
        }
    }

    private static func text(_ start: ArraySlice<UInt8>) -> String {
        String(decoding: start.prefix(512), as: UTF8.self).lowercased()
    }
}
