import Files
import Foundation

/// The packs that go by a name: the folders in `$XDG_DATA_HOME/fader/packs`.
///
/// Such a folder holds a pack that was downloaded, or only a `pack.json` that says where its repositories are.
public struct NamedPacks: Sendable {
    /// One of them.
    public struct Entry: Sendable, Equatable {
        public enum State: String, Sendable {
            case downloaded
            case unfinished
            /// Its files are elsewhere.
            case found
        }

        public let name: String
        public let folder: URL
        public let state: State
    }

    public let folder: URL

    public init(environment: [String: String]) {
        folder = UserFolders.data(environment).appendingPathComponent("packs")
    }

    /// The folder that `--pack` and its like mean: a path where the text has a slash in it or a folder of this name is in the working
    /// directory, and otherwise the name of a pack.
    /// - Throws: `NamedPackError.unknown`, `.unfinished`.
    public func folder(of text: String) throws -> URL {
        var isFolder: ObjCBool = false
        if text.contains("/") || text == "~" || FileManager.default.fileExists(atPath: text, isDirectory: &isFolder) && isFolder.boolValue {
            return URL(fileURLWithPath: text.expandingHome)
        }
        guard Self.isName(text), let entry = entry(text) else { throw NamedPackError.unknown(text) }
        if entry.state == .unfinished { throw NamedPackError.unfinished(text) }
        return entry.folder
    }

    /// All of them, in the order of their names.
    public var entries: [Entry] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter(Self.isName).sorted().compactMap(entry)
    }

    /// Makes a pack of repositories that are where they are.
    /// - Returns: its folder.
    /// - Throws: `NamedPackError.unsuitableName`, `.taken` when a pack of this name has files of its own, `.unwritable`.
    @discardableResult
    public func add(_ name: String, _ description: PackDescription) throws -> URL {
        let place = try place(of: name)
        if FileManager.default.fileExists(atPath: place.path), entry(name)?.state != .found {
            throw NamedPackError.taken(name, folder: place.path)
        }
        try Self.write(description, in: place)
        return place
    }

    /// Takes a pack away: its `pack.json`, its feature library and what was downloaded for it.
    /// - Returns: its folder where that stays because it holds files that Fader did not write, otherwise nil.
    /// - Throws: `NamedPackError.unknown`, `.notFaders`, `.unwritable`, `.inUse`.
    public func remove(_ name: String) throws -> URL? {
        guard Self.isName(name) else { throw NamedPackError.unknown(name) }
        let place = try place(of: name)
        guard let type = try? FileManager.default.attributesOfItem(atPath: place.path)[.type] as? FileAttributeType else {
            throw NamedPackError.unknown(name)
        }
        guard type == .typeDirectory, entry(name) != nil else { throw NamedPackError.notFaders(place.path) }
        let lock = try FolderLock(place)
        defer { withExtendedLifetime(lock) {} }
        let downloads = DownloadList(in: place)
        for file in downloads.files.flatMap({ [$0, $0 + Download.partialSuffix, $0 + Download.validatorSuffix] }) {
            try Self.delete(file, in: place)
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        for file in names where file == "pack.json" || file == "preview.json" || file.hasPrefix(LibraryLocation.fileName) {
            try Self.delete(file, in: place)
        }
        try Self.delete(DownloadList.fileName, in: place)
        // Only empty folders go.
        return rmdir(place.path) == 0 ? nil : place
    }

    /// The folder of a pack, whether or not it is there.
    /// - Throws: `NamedPackError.unsuitableName`.
    func place(of name: String) throws -> URL {
        guard Self.isName(name) else { throw NamedPackError.unsuitableName(name) }
        return folder.appendingPathComponent(name)
    }

    func entry(_ name: String) -> Entry? {
        let place = folder.appendingPathComponent(name)
        let files = FileManager.default
        let isDownloaded = files.fileExists(atPath: place.appendingPathComponent(DownloadList.fileName).path)
        let isWhole = files.fileExists(atPath: place.appendingPathComponent("pack.json").path)
        guard isDownloaded || isWhole else { return nil }
        return Entry(name: name, folder: place, state: isDownloaded ? (isWhole ? .downloaded : .unfinished) : .found)
    }

    static func write(_ description: PackDescription, in place: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        } catch {
            throw NamedPackError.unwritable(place.path)
        }
        try AtomicFile.write(encoder.encode(description) + Data("\n".utf8), to: place.appendingPathComponent("pack.json"))
    }

    /// Deletes a file of a pack, and the folders around it that are empty then; follows no link out of the pack.
    private static func delete(_ name: String, in place: URL) throws {
        let pieces = name.split(separator: "/").map(String.init)
        var folders = [place]
        for piece in pieces.dropLast() {
            guard let around = folders.last else { return }
            let next = around.appendingPathComponent(piece)
            let type = try? FileManager.default.attributesOfItem(atPath: next.path)[.type] as? FileAttributeType
            guard piece != "..", type == .typeDirectory else { return }
            folders.append(next)
        }
        guard let last = pieces.last, last != "..", let around = folders.last else { return }
        let file = around.appendingPathComponent(last)
        guard unlink(file.path) == 0 || errno == ENOENT else { throw NamedPackError.unwritable(file.path) }
        for folder in folders.dropFirst().reversed() where rmdir(folder.path) != 0 { break }
    }

    static func isName(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,63}/) != nil
    }
}

/// What was, or is being, downloaded into a pack: a hidden file in its folder, written before the first byte comes.
struct DownloadList {
    static let fileName = ".downloads.json"

    /// The files, by their names in the pack.
    var files: [String]

    init(files: [String]) { self.files = files }

    /// Empty where there is none that can be read.
    init(in place: URL) {
        let data = FileManager.default.contents(atPath: place.appendingPathComponent(Self.fileName).path)
        files = data.flatMap { try? JSONDecoder().decode([String].self, from: $0) } ?? []
    }

    func write(in place: URL) throws {
        try AtomicFile.write(JSONEncoder().encode(files), to: place.appendingPathComponent(Self.fileName))
    }
}

/// Keeps a second program away from a folder as long as it lives.
final class FolderLock {
    private let descriptor: CInt

    /// - Throws: `NamedPackError.inUse` where another has it.
    init(_ folder: URL) throws {
        let opened = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw NamedPackError.unwritable(folder.path) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw NamedPackError.inUse(folder.path)
        }
        descriptor = opened
    }

    deinit { close(descriptor) }
}
