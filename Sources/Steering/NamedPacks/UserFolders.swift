import Foundation

/// Where a user's own files are, by the XDG base directory specification.
enum UserFolders {
    static func home(_ environment: [String: String]) -> URL {
        let named = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        return URL(fileURLWithPath: named ?? NSHomeDirectory())
    }

    /// `fader` in `$XDG_DATA_HOME`, or in `~/.local/share`.
    static func data(_ environment: [String: String]) -> URL {
        let named = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil }
        return (named ?? home(environment).appendingPathComponent(".local/share")).appendingPathComponent("fader")
    }
}
