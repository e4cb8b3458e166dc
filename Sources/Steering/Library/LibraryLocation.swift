import Foundation

/// Where a pack's feature library is.
///
/// It is `features.sqlite` in the pack, so that whoever copies the pack copies what is known of its features. Where that folder cannot be
/// written, as on a shared or packaged installation, it is a file of the user's own under `$XDG_DATA_HOME/fader`, which begins as a copy of
/// the pack's if there is one. Packs need not be published with a library: it is made from `features.json`, or by `fader library build`.
public enum LibraryLocation {
    static let fileName = "features.sqlite"

    /// The library's file, whether or not it is there yet.
    public static func file(
        of pack: Pack, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> URL {
        let inPack = pack.folder.appendingPathComponent(fileName)
        if FileManager.default.isWritableFile(atPath: pack.folder.path) { return inPack }
        let folder = try userFolder(environment)
        let own = try folder.appendingPathComponent("\(pack.fingerprint().prefix(16)).sqlite")
        // Begun when packs were told apart by their files' names and sizes.
        if let former = pack.formerFingerprint() { try begin(own, as: folder.appendingPathComponent("\(former.prefix(16)).sqlite")) }
        try begin(own, as: inPack)
        return own
    }

    /// The library's file, or that of a shard of it, beside the library.
    public static func file(of pack: Pack, shard: LibraryShard?) throws -> URL {
        let library = try file(of: pack)
        return shard.map { file(of: $0, beside: library) } ?? library
    }

    /// The file of a shard.
    public static func file(of shard: LibraryShard, beside library: URL) -> URL {
        let stem = library.deletingPathExtension().lastPathComponent
        return library.deletingLastPathComponent().appendingPathComponent("\(stem)-\(shard.number)-of-\(shard.count).sqlite")
    }

    /// Gives the library at `url` another name beside it, with what SQLite keeps next to it, and never replaces anything.
    /// - Returns: the new place; nil when no file is there.
    /// - Throws: `LibraryError.unusable` when it cannot be renamed.
    public static func setAside(_ url: URL) throws -> URL? {
        let files = FileManager.default
        guard files.fileExists(atPath: url.path) else { return nil }
        let stem = url.deletingPathExtension().path
        var number = 1
        while files.fileExists(atPath: "\(stem).aside-\(number).sqlite") { number += 1 }
        let place = "\(stem).aside-\(number).sqlite"
        do {
            for suffix in ["-wal", "-shm", ""] where files.fileExists(atPath: url.path + suffix) {
                try files.moveItem(atPath: url.path + suffix, toPath: place + suffix)
            }
        } catch {
            throw LibraryError.unusable(file: url.path, reason: "it cannot be renamed to \(place)")
        }
        return URL(fileURLWithPath: place)
    }

    private static func userFolder(_ environment: [String: String]) throws -> URL {
        let folder = UserFolders.data(environment)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw LibraryError.unusable(file: folder.path, reason: "its folder cannot be made")
        }
        return folder
    }

    private static func begin(_ own: URL, as published: URL) throws {
        let files = FileManager.default
        guard files.fileExists(atPath: published.path), !files.fileExists(atPath: own.path) else { return }
        let temporary = own.deletingLastPathComponent().appendingPathComponent(".\(UUID().uuidString).tmp")
        do {
            try files.copyItem(at: published, to: temporary)
            try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: temporary.path)
            try files.moveItem(at: temporary, to: own)
        } catch {
            try? files.removeItem(at: temporary)
            throw LibraryError.unusable(file: own.path, reason: "\(published.path) cannot be copied there")
        }
    }
}
