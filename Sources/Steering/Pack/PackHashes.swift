import Files
import Foundation

/// The SHA-256 of every file of a pack, which `pack.json` may carry so that a copy or a download can be checked.
public struct PackHashes: Sendable {
    /// A file that is not what `pack.json` says; its description is one sentence that names the file.
    public struct Fault: Sendable, Equatable, Codable, CustomStringConvertible {
        /// The file's name in the pack, such as "decoder/unet/config.json".
        public var name: String
        public var path: String
        public var expected: String
        /// Nil when the file is missing.
        public var found: String?

        public var description: String {
            guard let found else { return "\(path): the file is missing, but pack.json lists it; fetch it again." }
            return "\(path): the file's SHA-256 is \(found) where pack.json says \(expected); fetch it again."
        }
    }

    /// A file of the pack: what it is called there and where it is.
    struct File {
        var name: String
        var url: URL
        var bytes: Int
    }

    private let pack: Pack

    public init(_ pack: Pack) {
        self.pack = pack
    }

    /// Whether `pack.json` carries any.
    public var areListed: Bool { !(pack.description.sha256 ?? [:]).isEmpty }

    /// Reads every file of the pack except `pack.json`; the result is by the file's name in the pack.
    /// - Throws: `SteeringError.unreadableFile`; `CancellationError` between two pieces of a file.
    public func computed(progress: (WorkProgress) -> Void = { _ in }) throws -> [String: String] {
        try hashes(of: files(), progress)
    }

    /// Compares the pack's files with what `pack.json` says of them; files that it does not list are passed over.
    /// - Throws: `SteeringError.noHashes` when it lists none.
    public func faults(progress: (WorkProgress) -> Void = { _ in }) throws -> [Fault] {
        guard let expected = pack.description.sha256, !expected.isEmpty else { throw SteeringError.noHashes(pack: pack.folder.path) }
        let listed = try files().filter { expected[$0.name] != nil }
        let found = try hashes(of: listed, progress)
        return expected.sorted { $0.key < $1.key }.compactMap { name, hash in
            guard found[name] != hash.lowercased() else { return nil }
            let path = listed.first { $0.name == name }?.url.path ?? pack.folder.appendingPathComponent(name).path
            return Fault(name: name, path: path, expected: hash, found: found[name])
        }
    }

    /// Writes the hashes of all files into `pack.json`, which is made when there is none and otherwise keeps what else it says.
    /// - Returns: what was written.
    @discardableResult
    public func write(progress: (WorkProgress) -> Void = { _ in }) throws -> [String: String] {
        let url = pack.folder.appendingPathComponent("pack.json")
        var members: [String: Any] = [:]
        if let data = FileManager.default.contents(atPath: url.path) {
            guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
                throw SteeringError.unreadableDescription(file: url.path, reason: "it is not valid JSON.")
            }
            members = object
        }
        let hashes = try computed(progress: progress)
        members["sha256"] = hashes
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(JSONSerialization.data(withJSONObject: members, options: options) + Data("\n".utf8), to: url)
        return hashes
    }

    /// The files in the folders of the pack's parts and beside `pack.json`, in the order of their names.
    private func files() throws -> [File] {
        var files = try contents(of: pack.folder, prefix: "").filter { $0.name != "pack.json" }
        for part in Pack.Part.all {
            guard let folder = try? pack.folder(of: part) else { continue }
            files += try contents(of: folder, prefix: part.rawValue + "/")
        }
        return files.sorted { $0.name < $1.name }
    }

    private func contents(of folder: URL, prefix: String) throws -> [File] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
            throw SteeringError.unreadableFile(folder.path)
        }
        // A feature library changes whenever it is used.
        return names.filter { !$0.hasPrefix(".") && !$0.contains(".sqlite") }.compactMap { name in
            let url = folder.appendingPathComponent(name)
            let attributes = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
            guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
            return File(name: prefix + name, url: url, bytes: attributes?[.size] as? Int ?? 0)
        }
    }

    private func hashes(of files: [File], _ progress: (WorkProgress) -> Void) throws -> [String: String] {
        let total = files.reduce(0) { $0 + $1.bytes }
        var done = 0
        var hashes: [String: String] = [:]
        for file in files {
            hashes[file.name] = try Digest.sha256(of: file.url) { bytes in
                try Task.checkCancellation()
                done += bytes
                progress(WorkProgress(.checking, step: done >> 20, count: total >> 20))
            }
        }
        return hashes
    }
}
