import Foundation

/// The file formats that Fader reads and writes.
public enum PictureFormat: Sendable, CaseIterable {
    case png, jpeg, webp

    /// The format that a file name's suffix stands for: `.png`, `.jpg`, `.jpeg` or `.webp`, in any case.
    /// - Throws: `PictureError.unknownSuffix` for another suffix, or none.
    public init(suffixOf url: URL) throws(PictureError) {
        let suffix = url.pathExtension.lowercased()
        guard let format = Self.allCases.first(where: { $0.suffixes.contains(suffix) }) else {
            throw .unknownSuffix(name: url.relativePath)
        }
        self = format
    }

    /// The format whose signature the bytes begin with, or nil.
    init?(sniffing bytes: some Sequence<UInt8>) {
        let start = Array(bytes.prefix(12))
        if start.starts(with: pngSignature) {
            self = .png
        } else if start.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if start.starts(with: "RIFF".utf8), start.dropFirst(8).starts(with: "WEBP".utf8) {
            self = .webp
        } else {
            return nil
        }
    }

    /// Whether a file of this format carries texts, such as the recipe of the picture: PNG does, JPEG and WebP do not.
    public var carriesText: Bool { self == .png }

    /// The format's name, for sentences.
    public var name: String {
        switch self {
        case .png: "PNG"
        case .jpeg: "JPEG"
        case .webp: "WebP"
        }
    }

    /// The suffixes that stand for it, without the dot; the usual one first.
    public var suffixes: [String] {
        switch self {
        case .png: ["png"]
        case .jpeg: ["jpg", "jpeg"]
        case .webp: ["webp"]
        }
    }

    /// The longest side that the format can store, in pixels.
    var longestSide: Int {
        switch self {
        case .png: PictureLimits.side
        case .jpeg: 65_500
        case .webp: 16_383
        }
    }
}
