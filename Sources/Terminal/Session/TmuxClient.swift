import Glibc

/// What tmux knows of the terminal around it, which answers no question that comes through tmux.
public struct TmuxClient: Equatable, Sendable {
    /// The terminal's name and version, for instance "kitty(0.35.0)"; empty where tmux does not know.
    let terminal: String
    /// Whether tmux lets bytes through to it (its option `allow-passthrough`).
    let passesThrough: Bool

    init(terminal: String, passesThrough: Bool) {
        (self.terminal, self.passesThrough) = (terminal, passesThrough)
    }

    /// Asks the tmux in which this process runs; nil outside tmux, or where it does not answer within a second.
    /// - Parameter environment: the process's environment variables.
    public init?(asking environment: [String: String]) {
        guard environment["TMUX"]?.isEmpty == false, let pipe = popen(Self.question, "re") else { return nil }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = fread(&bytes, 1, bytes.count, pipe)
        guard pclose(pipe) == 0 else { return nil }
        self.init(answer: String(decoding: bytes.prefix(count), as: UTF8.self))
    }

    /// - Parameter answer: what `tmux display-message` prints for `format`.
    init?(answer: String) {
        let fields = answer.split(separator: "\n").first?.split(separator: "|", omittingEmptySubsequences: false) ?? []
        guard fields.count == 2 else { return nil }
        self.init(terminal: String(fields[0]), passesThrough: ["1", "2", "on", "all"].contains(fields[1]))
    }

    /// Whether the terminal shows pictures by placeholders: kitty since 0.28, and Ghostty.
    var showsPlaceholders: Bool {
        if terminal.lowercased().hasPrefix("ghostty") { return true }
        guard let version = terminal.prefixMatch(of: /kitty\((\d+)\.(\d+)/), let major = Int(version.1), let minor = Int(version.2) else {
            return false
        }
        return major > 0 || minor >= 28
    }

    private static let question = "timeout 1 tmux display-message -p '#{client_termtype}|#{allow-passthrough}' 2>/dev/null"
}
