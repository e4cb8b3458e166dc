import Foundation

/// A file that takes its name only when it is complete: until then its bytes gather in a temporary file in the same folder.
///
/// Whatever happens, the old contents or the new ones stay, never a part. A symbolic link stays one: what it points to is replaced.
public struct AtomicFile {
    /// The file as it was asked for, which is how messages name it.
    private let url: URL
    private let target: URL
    private let temporary: URL
    private let descriptor: CInt

    /// Saves `data` at `url`, replacing a file that is there.
    /// - Throws: `AtomicFileError` when the folder cannot be written, or `url` is a folder or a device.
    public static func write(_ data: Data, to url: URL) throws {
        try write(to: url) { try $0.append(data) }
    }

    /// Saves the bytes that `body` appends at `url`, replacing a file that is there.
    /// - Throws: `AtomicFileError` when the folder cannot be written, or `url` is a folder or a device; what `body` throws.
    public static func write(to url: URL, _ body: (AtomicFile) throws -> Void) throws {
        let file = try AtomicFile(url)
        do {
            try file.fill(body)
            try file.check(rename(file.temporary.path, file.target.path))
        } catch {
            unlink(file.temporary.path)
            throw error
        }
        try file.synchronizeFolder()
    }

    /// Adds `bytes` at the end.
    /// - Throws: `AtomicFileError` when the disk does not take them.
    public func append(_ bytes: some ContiguousBytes) throws {
        try bytes.withUnsafeBytes { bytes in
            var rest = bytes
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                try check(CInt(clamping: count))
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
        }
    }

    private init(_ url: URL) throws {
        self.url = url
        target = url.followingLinks
        temporary = target.deletingLastPathComponent().appendingPathComponent(".\(UUID().uuidString).tmp")
        try Self.requireReplaceable(target, as: url)
        descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        try check(descriptor)
    }

    // Renaming over a device would replace it: a root user's /dev/null would become a picture.
    private static func requireReplaceable(_ target: URL, as url: URL) throws {
        var status = stat()
        if stat(target.path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else { throw AtomicFileError(url, reason: "it is not a regular file") }
        } else if errno != ENOENT {
            throw AtomicFileError(systemErrorOn: url)
        }
    }

    private func fill(_ body: (AtomicFile) throws -> Void) throws {
        defer { close(descriptor) }
        try body(self)
        try check(fsync(descriptor))
    }

    /// Makes the new name itself last; some file systems cannot, and then the rename is all there is.
    private func synchronizeFolder() throws {
        let folder = open(target.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try check(folder)
        defer { close(folder) }
        if fsync(folder) != 0 && errno != EINVAL { throw AtomicFileError(systemErrorOn: url) }
    }

    private func check(_ result: CInt) throws {
        if result < 0 { throw AtomicFileError(systemErrorOn: url) }
    }
}

extension URL {
    /// Where the symbolic links that begin here end, also when no file is there yet, which `resolvingSymlinksInPath` gives up on.
    fileprivate var followingLinks: URL {
        // Linux follows as many; a circle of links stays a link, which the system then refuses.
        let mostLinks = 40
        var end = self
        for _ in 0..<mostLinks {
            guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: end.path) else { break }
            end = URL(fileURLWithPath: next, relativeTo: end.deletingLastPathComponent())
        }
        return end
    }
}

/// Why a file cannot be saved; its description is one sentence that names the file.
public struct AtomicFileError: Error, Equatable, LocalizedError, CustomStringConvertible {
    /// The file, as it was asked for.
    public let path: String
    /// What the system says.
    public let reason: String

    public var description: String { "\(path): the file cannot be saved: \(reason)." }
    public var errorDescription: String? { description }

    init(_ url: URL, reason: String) {
        path = url.relativePath
        self.reason = reason
    }

    /// For the last system call, which failed.
    init(systemErrorOn url: URL) {
        let message = String(cString: strerror(errno))
        self.init(url, reason: message.prefix(1).lowercased() + message.dropFirst())
    }
}
