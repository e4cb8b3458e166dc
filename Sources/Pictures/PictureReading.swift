import Foundation

extension Picture {
    /// Reads a PNG, JPEG or WebP file; its bytes decide which, not its name.
    ///
    /// The picture comes upright (EXIF orientation), in sRGB (ICC profiles, CMYK), transparency composited over white; of an
    /// animation, the first picture. A large one is read at 1/2, 1/3, 1/4 … of its size, JPEG at 1/2, 1/4 or 1/8, so that its
    /// shorter side is not less than `shorterSide` and the memory stays bounded; see `PictureLimits`.
    /// - Parameters:
    ///   - shorterSide: the size that is needed, in pixels; a picture with a shorter side of less than twice that is
    ///     read as it is.
    ///   - url: the file.
    /// - Throws: `PictureError` when the file cannot be read, is damaged, or is of a kind that Fader does not read.
    public init(contentsOf url: URL, shorterSide: Int = PictureLimits.readingSide) throws {
        let name = url.relativePath
        let size = try Self.sizeOfReadableFile(url)
        let file: FileHandle
        do {
            file = try FileHandle(forReadingFrom: url)
        } catch {
            throw PictureError.unreadable(name: name, reason: Self.reason(of: error))
        }
        defer { try? file.close() }
        let source = ByteSource.file(file, count: size)
        // PNG is the one format whose decoder reads piece by piece, and whose files are as large as pictures in memory.
        if let start = source.bytes(at: 0, count: min(size, 12)), PictureFormat(sniffing: start) == .png {
            self = try decodePNG(source, name: name, shorterSide: shorterSide, area: PictureLimits.fileArea)
            return
        }
        guard let bytes = source.bytes(at: 0, count: size) else {
            throw PictureError.unreadable(name: name, reason: "it ends before its size says")
        }
        try self.init(bytes, name: name, shorterSide: shorterSide, area: PictureLimits.fileArea)
    }

    /// Decodes a PNG, JPEG or WebP file from memory, as `init(contentsOf:)`.
    /// - Parameters:
    ///   - data: the file.
    ///   - name: stands for the file in error messages.
    ///   - shorterSide: the size that is needed, in pixels.
    ///   - area: the largest width × height that the file may have, in pixels.
    /// - Throws: `PictureError` when the bytes are damaged, too large, or of a kind that Fader does not read.
    public init(
        data: Data, name: String, shorterSide: Int = PictureLimits.readingSide, area: Int = PictureLimits.fileArea
    ) throws {
        if PictureFormat(sniffing: data) == .png {
            self = try decodePNG(.memory(data), name: name, shorterSide: shorterSide, area: area)
        } else {
            try self.init([UInt8](data), name: name, shorterSide: shorterSide, area: area)
        }
    }

    private init(_ bytes: [UInt8], name: String, shorterSide: Int, area: Int) throws(PictureError) {
        guard !bytes.isEmpty else { throw .damaged(name: name, reason: "the file is empty") }
        switch PictureFormat(sniffing: bytes) {
        case .png: self = try decodePNG(.memory(Data(bytes)), name: name, shorterSide: shorterSide, area: area)
        case .jpeg: self = try decodeJPEG(bytes, name: name, shorterSide: shorterSide, area: area)
        case .webp: self = try decodeWebP(bytes, name: name, shorterSide: shorterSide, area: area)
        case nil:
            if let advice = ForeignFormat.advice(for: bytes.prefix(512)) { throw .unsupported(name: name, reason: advice) }
            throw .unknownFormat(name: name)
        }
    }

    /// The bytes of a file that could be a picture: a regular file of no more than `PictureLimits.fileSize`.
    /// - Throws: `PictureError.unreadable`.
    public static func contents(of url: URL) throws(PictureError) -> Data {
        _ = try sizeOfReadableFile(url)
        do {
            return try Data(contentsOf: url)
        } catch {
            throw .unreadable(name: url.relativePath, reason: Self.reason(of: error))
        }
    }

    private static func sizeOfReadableFile(_ url: URL) throws(PictureError) -> Int {
        let name = url.relativePath
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
        } catch {
            throw .unreadable(name: name, reason: Self.reason(of: error))
        }
        // A pipe or a device would make the program wait for bytes that may never come.
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw .unreadable(name: name, reason: "it is not a regular file")
        }
        let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
        guard size <= PictureLimits.fileSize else { throw .unreadable(name: name, reason: "it is larger than 1 GiB") }
        return size
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
