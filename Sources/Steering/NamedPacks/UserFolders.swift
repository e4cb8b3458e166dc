import Foundation

/// Where a user's own files are, by the XDG base directory specification.
enum UserFolders {
    static func home(_ environment: [String: String]) -> URL {
        let named = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        return URL(fileURLWithPath: named ?? NSHomeDirectory())
    }

    /// `fader` in `$XDG_DATA_HOME`, or in `~/.local/share`.
    static func data(_ environment: [String: String]) -> URL { folder("XDG_DATA_HOME", ".local/share", environment) }

    /// `fader` in `$XDG_CACHE_HOME`, or in `~/.cache`.
    static func cache(_ environment: [String: String]) -> URL { folder("XDG_CACHE_HOME", ".cache", environment) }

    private static func folder(_ variable: String, _ usual: String, _ environment: [String: String]) -> URL {
        let named = environment[variable].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil }
        return (named ?? home(environment).appendingPathComponent(usual)).appendingPathComponent("fader")
    }
}
