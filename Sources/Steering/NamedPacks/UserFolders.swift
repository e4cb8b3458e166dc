import Foundation

/// Where a user's own files are, by the XDG base directory specification.
public enum UserFolders {
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

    /// `fader` in `$XDG_STATE_HOME`, or in `~/.local/state`: what outlives a run but is no work of the user's.
    /// - Returns: nil when the environment names neither a state folder nor a home.
    public static func state(_ environment: [String: String]) -> URL? {
        let named = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0).appendingPathComponent(".local/state") }
        return (named ?? home)?.appendingPathComponent("fader")
    }
}
