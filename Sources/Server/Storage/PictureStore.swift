import Files
import Foundation
import Pictures
import Steering
import Synchronization

/// The server's folder: pictures that were uploaded, by the hash of their bytes, and results under random names.
///
/// Nothing else can be reached through it: a name that is not of these forms means no file. Each kind has a bounded number of bytes; the files
/// that were not asked for longest go first.
final class PictureStore: Sendable {
    private let uploads, results: Shelf

    /// - Throws: `ServerError.unwritable`.
    init(_ folder: URL, uploadBytes: Int = 2 << 30, resultBytes: Int = 2 << 30) throws {
        uploads = try Shelf(folder.appendingPathComponent("pictures"), limit: uploadBytes)
        results = try Shelf(folder.appendingPathComponent("results"), limit: resultBytes)
    }

    /// Keeps the bytes of a picture.
    /// - Returns: its hash, and whether it was not there before.
    func add(_ bytes: Data) throws -> (id: String, isNew: Bool) {
        let id = Recipe.PictureReference(path: "", content: bytes).sha256
        if uploads.touch(id) { return (id, false) }
        try uploads.write(bytes, as: id)
        return (id, true)
    }

    /// The bytes of a picture that was uploaded; nil where there is none of this hash.
    func upload(_ id: String) -> Data? { Self.isHash(id) ? uploads.read(id) : nil }

    /// Where the bytes of a picture are; nil where there is none of this hash.
    func file(ofUpload id: String) -> URL? { Self.isHash(id) && uploads.touch(id) ? uploads.url(of: id) : nil }

    private static func isHash(_ id: String) -> Bool { id.wholeMatch(of: /[0-9a-f]{64}/) != nil }

    /// A name that cannot be guessed, for a result that is yet to come.
    static func newName(_ suffix: String = "png") -> String {
        var generator = SystemRandomNumberGenerator()
        let number = (UInt64.random(in: 0 ... .max, using: &generator), UInt64.random(in: 0 ... .max, using: &generator))
        return String(format: "%016lx%016lx.", number.0, number.1) + suffix
    }

    func add(result bytes: Data, as name: String) throws { try results.write(bytes, as: name) }

    /// Where a result of this name is, or will be when another program has written it.
    func file(ofResult name: String) -> URL { results.url(of: name) }

    /// The bytes of a result; nil where there is none of this name.
    func result(_ name: String) -> Data? {
        name.wholeMatch(of: /[0-9a-f]{32}\.(png|jpg|webp|json)/) == nil ? nil : results.read(name)
    }
}

/// A folder of files whose bytes together are bounded.
private final class Shelf: Sendable {
    fileprivate struct Contents {
        /// In the order of last use.
        var names: [String: (bytes: Int, use: Int)] = [:]
        var bytes = 0
        var uses = 0
    }

    private let folder: URL
    private let limit: Int
    private let contents = Mutex(Contents())

    init(_ folder: URL, limit: Int) throws {
        self.folder = folder
        self.limit = limit
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let files = try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: [.fileSizeKey, .contentModificationDateKey])
            let known = try files.map {
                ($0.lastPathComponent, try $0.resourceValues(forKeys: [.fileSizeKey, .contentModificationDateKey]))
            }
            for (name, values) in known.sorted(by: {
                ($0.1.contentModificationDate ?? .distantPast) < ($1.1.contentModificationDate ?? .distantPast)
            }) {
                contents.withLock { $0.note(name, bytes: values.fileSize ?? 0) }
            }
        } catch {
            throw ServerError.unwritable(folder.path)
        }
        guard access(folder.path, W_OK) == 0 else { throw ServerError.unwritable(folder.path) }
    }

    func url(of name: String) -> URL { folder.appendingPathComponent(name) }

    /// Notes that a file is used, if it is there.
    func touch(_ name: String) -> Bool {
        contents.withLock { contents in
            guard let entry = contents.names[name] else { return false }
            contents.note(name, bytes: entry.bytes)
            return true
        }
    }

    func read(_ name: String) -> Data? {
        let isKnown = touch(name)
        let bytes = FileManager.default.contents(atPath: folder.appendingPathComponent(name).path)
        // A worker of jobs, here or in another program, has written it.
        if let bytes, !isKnown { note(name, bytes: bytes.count) }
        return bytes
    }

    func write(_ bytes: Data, as name: String) throws {
        try AtomicFile.write(bytes, to: folder.appendingPathComponent(name))
        note(name, bytes: bytes.count)
    }

    private func note(_ name: String, bytes count: Int) {
        let old = contents.withLock { contents in
            contents.note(name, bytes: count)
            return contents.removeOldest(until: limit, but: name)
        }
        for name in old { unlink(folder.appendingPathComponent(name).path) }
    }
}

extension Shelf.Contents {
    fileprivate mutating func note(_ name: String, bytes count: Int) {
        uses += 1
        bytes += count - (names[name]?.bytes ?? 0)
        names[name] = (count, uses)
    }

    fileprivate mutating func removeOldest(until limit: Int, but name: String) -> [String] {
        guard bytes > limit else { return [] }
        var removed: [String] = []
        for (old, entry) in names.sorted(by: { $0.value.use < $1.value.use }) where old != name && bytes > limit {
            names[old] = nil
            bytes -= entry.bytes
            removed.append(old)
        }
        return removed
    }
}
