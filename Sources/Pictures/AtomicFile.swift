import Foundation

/// Why a file cannot be saved; its description is one sentence that names the file.
public struct AtomicFileError: Error, Equatable, LocalizedError, CustomStringConvertible {
    /// The file, as it was asked for.
    public let path: String
    /// What the system says.
    public let reason: String

    public var description: String { "\(path): the file cannot be saved: \(reason)." }
    public var errorDescription: String? { description }
}

/// Saves files whole or not at all.
public enum AtomicFile {
    /// Writes `data` to `url`, replacing a file that is there; whatever happens, the old contents or the new ones stay, never a part.
    ///
    /// The bytes go to a temporary file in the same folder, are forced to the disk and take the old file's place in one step.
    /// A symbolic link stays one: the file that it points to is replaced.
    /// - Throws: `AtomicFileError` when the folder cannot be written, or `url` is a folder or a device.
    public static func write(_ data: Data, to url: URL) throws(AtomicFileError) {
        let target = url.resolvingSymlinksInPath()
        let folder = target.deletingLastPathComponent()
        let temporary = folder.appendingPathComponent(".\(UUID().uuidString).tmp")
        do throws(SystemError) {
            // Renaming over a device would replace it: a root user's /dev/null would become a picture.
            try requireRegularFile(target)
            try create(temporary, holding: data)
            do throws(SystemError) {
                guard rename(temporary.path, target.path) == 0 else { throw SystemError() }
            } catch {
                unlink(temporary.path)
                throw error
            }
            try synchronize(folder: folder)
        } catch {
            throw AtomicFileError(path: url.relativePath, reason: error.reason)
        }
    }

    private static func requireRegularFile(_ url: URL) throws(SystemError) {
        var status = stat()
        guard stat(url.path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(reason: "it is not a regular file") }
    }

    private static func create(_ url: URL, holding data: Data) throws(SystemError) {
        let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw SystemError() }
        do throws(SystemError) {
            defer { close(descriptor) }
            try writeAll(data, to: descriptor)
            guard fsync(descriptor) == 0 else { throw SystemError() }
        } catch {
            unlink(url.path)
            throw error
        }
    }

    private static func writeAll(_ data: Data, to descriptor: CInt) throws(SystemError) {
        var rest = data[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SystemError() }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes the new name itself last; some file systems cannot, and then the rename is all there is.
    private static func synchronize(folder: URL) throws(SystemError) {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError() }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw SystemError() }
    }
}

/// What the last system call failed of.
private struct SystemError: Error {
    let reason: String

    init(reason: String = String(cString: strerror(errno)).lowercasedFirst) {
        self.reason = reason
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
