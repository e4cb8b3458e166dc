import Foundation

/// The folders in which huggingface_hub keeps what it has fetched: `models--org--name/refs/main` holds the name of a folder in `snapshots`.
enum HubCache {
    /// The folder that is meant where `folder` is the root of a repository in the cache, and `folder` itself otherwise.
    /// - Throws: `SteeringError.brokenHubCache` when the snapshot is not there.
    static func snapshot(_ folder: URL) throws -> URL {
        let files = FileManager.default
        let snapshots = folder.appendingPathComponent("snapshots")
        var isFolder: ObjCBool = false
        guard files.fileExists(atPath: snapshots.path, isDirectory: &isFolder), isFolder.boolValue,
            files.fileExists(atPath: folder.appendingPathComponent("refs").path) || folder.lastPathComponent.hasPrefix("models--")
        else { return folder }
        let reference = folder.appendingPathComponent("refs/main")
        let names = ((try? files.contentsOfDirectory(atPath: snapshots.path)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
        guard let data = files.contents(atPath: reference.path) else {
            // What was fetched by a commit's name has no refs/main.
            if names.count == 1 { return snapshots.appendingPathComponent(names[0]) }
            throw SteeringError.brokenHubCache(folder: folder.path, reason: "it has no refs/main, and \(names.count) snapshots")
        }
        let name = String(decoding: data.prefix(200), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard names.contains(name) else {
            throw SteeringError.brokenHubCache(folder: folder.path, reason: "its refs/main names a snapshot that is not in snapshots")
        }
        return snapshots.appendingPathComponent(name)
    }
}

extension String {
    /// With the home folder in place of a `~` at the start, as a shell would have it.
    var expandingHome: String {
        guard self == "~" || hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"], !home.isEmpty else { return self }
        return home + dropFirst()
    }
}

extension URL {
    /// A path that begins with `~`, which a shell would have replaced, is taken from the home folder.
    var expandingHome: URL {
        let written = relativePath
        return written == "~" || written.hasPrefix("~/") ? URL(fileURLWithPath: written.expandingHome) : self
    }
}
