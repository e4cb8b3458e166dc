import Foundation

/// The completion of a typed path.
struct PathCompletion: Sendable, Equatable {
    private static let extensions: Set = ["png", "jpg", "jpeg", "webp", "json"]

    /// The path as it was typed.
    let typed: String
    /// The path with everything that all candidates share.
    let text: String
    /// The candidates for its last part; folders end in a slash.
    let choices: [String]

    /// Finds the folders, pictures and recipes whose names begin with the path's last part.
    /// - Parameter home: the path of the home folder, which `~` stands for.
    init(_ typed: String, home: String) {
        self.typed = typed
        let bare = TypedPath.bare(typed)
        let (folder, prefix) = Self.split(bare)
        let names = Self.names(in: folder.isEmpty ? "." : TypedPath(folder, home: home).path)
        let fitting = names.filter { $0.hasPrefix(prefix) && (prefix.hasPrefix(".") || !$0.hasPrefix(".")) }
        text = fitting.isEmpty ? typed : folder + Self.commonPrefix(of: fitting)
        choices = fitting.count == 1 ? [] : fitting
    }

    private static func split(_ path: String) -> (folder: String, prefix: String) {
        guard let slash = path.lastIndex(of: "/") else { return path == "~" ? ("~/", "") : ("", path) }
        return (String(path[...slash]), String(path[path.index(after: slash)...]))
    }

    private static func names(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            var isFolder: ObjCBool = false
            let path = (folder as NSString).appendingPathComponent(name)
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
            if isFolder.boolValue { return name + "/" }
            return extensions.contains((name as NSString).pathExtension.lowercased()) ? name : nil
        }
    }

    private static func commonPrefix(of names: [String]) -> String {
        names.dropFirst().reduce(names[0]) { $0.commonPrefix(with: $1) }
    }
}
