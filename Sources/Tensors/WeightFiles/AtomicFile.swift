import Foundation

/// A file that appears under its name only when it is complete: until then its bytes gather in a temporary file beside it.
public struct AtomicFile {
    private let url: URL
    private let temporaryPath: String
    private let descriptor: Int32

    /// Writes a file at `url` with the bytes that `body` appends; whatever fails, an older file there stays as it was.
    /// - Throws: `WeightFileError.unwritable`, or what `body` throws.
    public static func write(to url: URL, _ body: (AtomicFile) throws -> Void) throws {
        let file = try AtomicFile(url)
        do {
            defer { close(file.descriptor) }
            try body(file)
            try file.succeed(fsync(file.descriptor))
        } catch {
            unlink(file.temporaryPath)
            throw error
        }
        try file.publish()
    }

    private init(_ url: URL) throws {
        self.url = url
        let name = ".\(url.lastPathComponent).\(UInt64.random(in: 0 ... .max))"
        temporaryPath = url.deletingLastPathComponent().appendingPathComponent(name).path
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        try succeed(descriptor)
    }

    /// Adds `bytes` at the end.
    public func append(_ bytes: some ContiguousBytes) throws {
        try bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 && errno == EINTR { continue }
                try succeed(Int32(clamping: written))
                rest = rest.dropFirst(written)
            }
        }
    }

    private func publish() throws {
        guard rename(temporaryPath, url.path) == 0 else {
            let error = unwritable()
            unlink(temporaryPath)
            throw error
        }
        let folder = open(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try succeed(folder)
        defer { close(folder) }
        // Without it, the new name could be lost in a power cut after the old file's blocks are gone.
        try succeed(fsync(folder))
    }

    private func succeed(_ result: Int32) throws {
        if result < 0 { throw unwritable() }
    }

    private func unwritable() -> WeightFileError {
        .unwritable(file: url.relativePath, reason: String(cString: strerror(errno)))
    }
}
