import Foundation

extension Picture {
    /// Reads a PNG, JPEG or WebP file; its bytes decide which, not its name.
    ///
    /// Transparency is composited over white, and a photograph's EXIF orientation is applied.
    /// - Throws: `PictureError` when the file cannot be read, is damaged, or is of a kind that Fader does not read.
    public init(contentsOf url: URL) throws {
        try self.init(data: try Self.contents(of: url), name: url.relativePath)
    }

    /// Decodes a PNG, JPEG or WebP file from memory; `name` stands for it in error messages.
    /// - Throws: `PictureError` when the bytes are damaged, or of a kind that Fader does not read.
    public init(data: Data, name: String) throws {
        let bytes = [UInt8](data)
        guard !bytes.isEmpty else { throw PictureError.damaged(name: name, reason: "the file is empty") }
        switch PictureFormat(sniffing: bytes) {
        case .png: self = try decodePNG(bytes, name: name)
        case .jpeg: self = try decodeJPEG(bytes, name: name)
        case .webp: self = try decodeWebP(bytes, name: name)
        case nil: throw PictureError.unknownFormat(name: name)
        }
    }

    /// The bytes of a file that could be a picture: a regular file of no more than `PictureLimits.fileSize`.
    /// - Throws: `PictureError.unreadable`.
    public static func contents(of url: URL) throws(PictureError) -> Data {
        let name = url.relativePath
        do {
            // A pipe or a device would make the program wait for bytes that may never come.
            let attributes = try FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw PictureError.unreadable(name: name, reason: "it is not a regular file")
            }
            let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
            guard size <= PictureLimits.fileSize else {
                throw PictureError.unreadable(name: name, reason: "it is larger than 1 GiB")
            }
            return try Data(contentsOf: url)
        } catch let error as PictureError {
            throw error
        } catch {
            throw .unreadable(name: name, reason: Self.reason(of: error))
        }
    }

    /// The system's own words where there are any ("no such file or directory"), shorter than Foundation's.
    private static func reason(of error: any Error) -> String {
        let error = error as NSError
        switch error.code {
        case CocoaError.fileReadNoSuchFile.rawValue, CocoaError.fileNoSuchFile.rawValue: return "there is no such file"
        case CocoaError.fileReadNoPermission.rawValue: return "permission is denied"
        default: return error.localizedDescription
        }
    }
}
