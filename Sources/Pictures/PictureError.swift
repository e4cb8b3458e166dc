import Foundation

/// Why a picture cannot be read, made or written; its description is one sentence that names the picture.
public enum PictureError: Error, Equatable {
    /// The file cannot be opened or read.
    case unreadable(name: String, reason: String)
    /// The bytes are none of the formats that Fader reads.
    case unknownFormat(name: String)
    /// The bytes break the rules of their format, or end too early.
    case damaged(name: String, reason: String)
    /// The file is valid, but of a kind that Fader does not read.
    case unsupported(name: String, reason: String)
    /// A side is beyond `PictureLimits`, or width × height beyond `area`.
    case tooLarge(name: String, width: Int, height: Int, area: Int = PictureLimits.fileArea)
    /// A side is zero, negative or beyond `PictureLimits`.
    case badSize(width: Int, height: Int)
    /// The number of samples is not width × height × 3.
    case wrongSampleCount(width: Int, height: Int, count: Int)
    /// A crop reaches outside the picture.
    case cropOutside(x: Int, y: Int, width: Int, height: Int, pictureWidth: Int, pictureHeight: Int)
    /// A PNG text chunk cannot hold this keyword or its text.
    case badText(keyword: String, reason: String)
    /// A file name's suffix stands for no format that Fader writes.
    case unknownSuffix(name: String)
    /// The picture cannot be compressed.
    case cannotEncode(reason: String)
}

extension PictureError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }

    public var description: String {
        switch self {
        case .unreadable(let name, let reason):
            "\(name): the file cannot be read: \(reason)."
        case .unknownFormat(let name):
            "\(name): this is not a PNG, JPEG or WebP picture; convert it to one of these."
        case .damaged(let name, let reason):
            "\(name): the picture is damaged: \(reason)."
        case .unsupported(let name, let reason):
            "\(name): \(reason)."
        case .tooLarge(let name, let width, let height, let area):
            "\(name): the picture is \(width)×\(height), larger than 65,535 pixels a side or \(area / 1_000_000) megapixels; make it smaller first."
        case .badSize(let width, let height):
            "A picture cannot be \(width)×\(height): each side must be at least 1 and the whole at most \(PictureLimits.description)."
        case .wrongSampleCount(let width, let height, let count):
            "A picture of \(width)×\(height) needs \(width)×\(height)×3 samples, not \(count)."
        case .cropOutside(let x, let y, let width, let height, let pictureWidth, let pictureHeight):
            "A crop of \(width)×\(height) at (\(x), \(y)) is not inside the picture of \(pictureWidth)×\(pictureHeight)."
        case .badText(let keyword, let reason):
            "The PNG text \"\(keyword)\" cannot be written: \(reason)."
        case .unknownSuffix(let name):
            "\(name): the name does not say which kind of picture to write; end it in .png, .jpg, .jpeg or .webp."
        case .cannotEncode(let reason):
            "The picture cannot be compressed: \(reason)."
        }
    }
}
