import Foundation

/// A whole file mapped into memory for as long as anybody holds this.
public final class MappedFile: Sendable {
    public let url: URL
    /// The file's bytes; they stay valid as long as this object.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
    private let descriptor: Int32

    /// Maps the file at `url`, whose pages are read when they are first used.
    /// - Throws: `WeightFileError.unreadable` when it is not a regular file or cannot be opened or mapped.
    public init(_ url: URL) throws {
        self.url = url
        // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            try url.requireNoDanglingLink()
            throw Self.unreadable(url)
        }
        do {
            bytes = try Self.map(descriptor, count: Self.size(of: descriptor, url), url)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        if bytes.starts(with: GitLFS.signature) { throw WeightFileError.lfsPointer(file: url.relativePath) }
    }

    deinit {
        close(descriptor)
        if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
    }

    /// Makes sure that the file still has the bytes that were mapped: reading what was cut off would end the program.
    /// - Throws: `WeightFileError.malformed` when it has become shorter.
    func requireWhole() throws {
        let size = try Self.size(of: descriptor, url)
        guard size >= bytes.count else {
            throw WeightFileError.malformed(
                file: url.relativePath, problem: "it had \(bytes.count) bytes when it was opened and has \(size) now")
        }
    }

    private static func size(of descriptor: Int32, _ url: URL) throws -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(url) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw WeightFileError.unreadable(file: url.relativePath, reason: "it is not a regular file")
        }
        return Int(status.st_size)
    }

    /// Gives back the memory of the pages that lie wholly in `range`; they are read again from the file when they are next used.
    func forget(_ range: Range<Int>) {
        let page = Int(getpagesize())
        let start = (range.lowerBound + page - 1) / page * page
        let end = range.upperBound / page * page
        guard start < end, let base = bytes.baseAddress else { return }
        madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, Int32(MADV_DONTNEED))
    }

    private static func map(_ descriptor: Int32, count: Int, _ url: URL) throws -> UnsafeRawBufferPointer {
        // An empty mapping does not exist.
        guard count > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        // A private mapping that may be written keeps the file as it is and copies a page on its first write, so that training in
        // place on loaded weights works; a read-only one would crash the program there.
        let mapping = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, descriptor, 0)
        guard let mapping, mapping != MAP_FAILED else { throw unreadable(url) }
        return UnsafeRawBufferPointer(start: mapping, count: count)
    }

    private static func unreadable(_ url: URL) -> WeightFileError {
        .unreadable(file: url.relativePath, reason: String(cString: strerror(errno)))
    }
}

/// Git's Large File Storage, which leaves a short text in a file's place until the file is fetched.
public enum GitLFS {
    fileprivate static let signature = Array("version https://git-lfs.github.com/spec/".utf8)

    /// - Throws: `WeightFileError.lfsPointer` when `content`, that of the file at `url`, is such a text.
    public static func requireContent(_ content: Data, of url: URL) throws {
        if content.starts(with: signature) { throw WeightFileError.lfsPointer(file: url.path) }
    }
}

extension URL {
    /// - Throws: `WeightFileError.danglingLink` when the path leads over a symbolic link whose target is not there.
    public func requireNoDanglingLink() throws {
        var place = URL(fileURLWithPath: "/")
        for piece in standardizedFileURL.pathComponents.dropFirst() {
            place.appendPathComponent(piece)
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place.path) else { continue }
            guard FileManager.default.fileExists(atPath: place.path) else {
                throw WeightFileError.danglingLink(link: place.path, target: target)
            }
        }
    }
}
