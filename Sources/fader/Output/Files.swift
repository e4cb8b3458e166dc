import Files
import Foundation
import Pictures
import Steering
import Synchronization

/// Reading and writing what a command's arguments name; `-` is standard input or output.
enum Files {
    private static let hasReadInput = Mutex(false)

    /// Everything that a file, a pipe or standard input holds.
    /// - Throws: `CommandError.unreadable` for folders, devices, which may have no end, and what is larger than a picture may be.
    static func read(_ path: String) throws -> Data {
        let isInput = path == "-"
        let name = isInput ? "standard input" : path
        if isInput,
            hasReadInput.withLock({ wasRead in
                defer { wasRead = true }
                return wasRead
            })
        {
            throw CommandError.readTwice
        }
        let descriptor = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandError.unreadable(name, reason: systemReason) }
        defer { if !isInput { close(descriptor) } }
        try requireReadable(descriptor, name)
        var content = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw CommandError.unreadable(name, reason: systemReason) }
            if count == 0 { return content }
            content.append(contentsOf: buffer.prefix(count))
            if content.count > PictureLimits.fileSize { throw CommandError.unreadable(name, reason: "it is larger than 1 GiB") }
        }
    }

    /// The program itself.
    static var program: URL { Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0]) }

    /// Says at once what reading a file would say.
    /// - Throws: `CommandError.unreadable`.
    static func requireReadable(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandError.unreadable(path, reason: systemReason) }
        defer { close(descriptor) }
        try requireReadable(descriptor, path)
    }

    private static func requireReadable(_ descriptor: CInt, _ name: String) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw CommandError.unreadable(name, reason: systemReason) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw CommandError.unreadable(name, reason: "it is a folder")
        case S_IFCHR where isatty(descriptor) == 1:
            throw CommandError.unreadable(name, reason: "it is a terminal; pipe a file into it, or name one")
        case S_IFCHR, S_IFBLK: throw CommandError.unreadable(name, reason: "it is a device and no file")
        default: break
        }
    }

    /// What the system says of its last call, which failed.
    private static var systemReason: String {
        let message = String(cString: strerror(errno))
        return message.prefix(1).lowercased() + message.dropFirst()
    }

    /// The recipe that a file is or carries: JSON, or a PNG.
    static func recipe(_ path: String) throws -> Recipe {
        try Recipe(containedIn: read(path), name: path == "-" ? "standard input" : path)
    }

    /// A picture and the bytes that it was read from.
    static func picture(_ path: String) throws -> (picture: Picture, content: Data) {
        let content = try read(path)
        return (try Picture(data: content, name: path == "-" ? "standard input" : path), content)
    }

    /// Writes a picture in the format that the name's suffix stands for, PNG into pipes and standard output; says where the text cannot go along.
    static func write(_ picture: Picture, _ text: (keyword: String, text: String), to path: String) throws {
        let format = try format(of: path)
        if !format.carriesText {
            StandardError.say("\(path): a \(format.name) file does not carry the recipe that made it; a PNG file does.")
        }
        try write(picture.encoded(as: format, text: format.carriesText ? [text] : []), to: path)
    }

    /// The format in which a picture goes to a place; asked before the work begins, it refuses what would fail at its end.
    /// - Throws: `PictureError.unknownSuffix`, `CommandError.binaryOnTerminal`.
    @discardableResult
    static func format(of path: String) throws -> PictureFormat {
        try requireWritable(path)
        return path == "-" || isPipe(path) ? .png : try PictureFormat(suffixOf: URL(fileURLWithPath: path))
    }

    private static func isPipe(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    /// Writes a file in one piece, or into a pipe, or to standard output.
    /// - Throws: `CommandError.binaryOnTerminal` rather than bytes on a terminal; `AtomicFileError`.
    static func write(_ data: Data, to path: String) throws {
        if path == "-" {
            if StandardOutput.isTerminal { throw CommandError.binaryOnTerminal }
            return try StandardOutput.write(data)
        }
        guard isPipe(path) else { return try AtomicFile.write(data, to: URL(fileURLWithPath: path)) }
        do {
            let pipe = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try pipe.write(contentsOf: data)
            try pipe.close()
        } catch {
            throw CommandError.unwritable(path)
        }
    }

    /// Says at once what would otherwise be found out when the work is done.
    /// - Throws: `CommandError.binaryOnTerminal` where `path` is standard output and that is a terminal.
    static func requireWritable(_ path: String) throws {
        if path == "-" && StandardOutput.isTerminal { throw CommandError.binaryOnTerminal }
    }

    /// Refuses to write over what is read, by whatever name: through links, and where case does not count.
    /// - Throws: `CommandError.wouldReplaceItself`, `CommandError.writtenTwice`.
    static func protect(_ inputs: [String], from outputs: [String]) throws {
        let read = Set(inputs.compactMap(FileIdentity.init))
        for output in outputs {
            if let identity = FileIdentity(output), read.contains(identity) { throw CommandError.wouldReplaceItself(output) }
        }
        let places = outputs.filter { $0 != "-" }.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        if let twice = places.indices.first(where: { places[..<$0].contains(places[$0]) }) {
            throw CommandError.writtenTwice(places[twice])
        }
    }

    /// Makes a folder, with those around it, unless it is there.
    static func makeFolder(_ url: URL) throws {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw CommandError.notAFolder(url.path)
        }
    }

    /// - Parameter sorted: whether members are in alphabetical order, one to a line.
    static func printJSON(_ value: some Encodable, sorted: Bool = false) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = sorted ? [.withoutEscapingSlashes, .sortedKeys, .prettyPrinted] : .withoutEscapingSlashes
        try StandardOutput.write(escapingControls(try encoder.encode(value)) + Data("\n".utf8))
    }

    /// JSON leaves DEL and the controls U+0080 to U+009F as they are, which some terminals obey.
    private static func escapingControls(_ json: Data) -> Data {
        guard json.contains(0x7F) || json.contains(0xC2) else { return json }
        var text = ""
        for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
            if (0x7F...0x9F).contains(scalar.value) {
                text += "\\u00" + String(scalar.value, radix: 16)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return Data(text.utf8)
    }
}

/// What makes two names those of one file.
struct FileIdentity: Hashable {
    private let device: UInt64
    private let number: UInt64

    /// - Returns: nil when no regular file is there.
    init?(_ path: String) {
        var status = stat()
        guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
    }
}
