import Foundation
import TestSupport

/// The program in a tmux server of its own.
final class TmuxSession {
    /// Whether a tmux is here that shows no pixels: those from 3.4 on may, and those before 3.2 run in the background alone.
    static let isPossible: Bool = {
        guard let answer = Tool.output("tmux", ["-V"]) else { return false }
        return String(decoding: answer, as: UTF8.self).firstMatch(of: /tmux 3\.[23]/) != nil
    }()

    private let folder: TemporaryFolder
    private let server: Process
    /// What tells tmux which server is meant, and to start no other.
    private let client: [String]

    /// - Throws: when tmux does not start.
    init(_ arguments: [String], columns: Int, rows: Int) throws {
        folder = try TemporaryFolder()
        let settings = try folder.file("tmux.conf", Array("set -g default-terminal tmux-256color\n".utf8))
        let socket = ["-S", folder.url.appendingPathComponent("socket").path]
        client = socket + ["-N"]
        let environment = Program.environment.merging(["LC_ALL": "C.UTF-8", "COLORTERM": "truecolor", "HOME": folder.url.path]) { $1 }
        // In the foreground: Foundation waits for all descendants of a process.
        server = try Tool.start("tmux", socket + ["-f", settings.path, "-D"], environment: environment)
        let size = ["-x", String(columns), "-y", String(rows)]
        // Nothing is missed of what the program writes.
        let shell = "while [ ! -e \"$0\" ]; do sleep 0.1; done; exec \"$@\""
        let (go, output) = (folder.url.appendingPathComponent("go"), folder.url.appendingPathComponent("output"))
        let program = ["sh", "-c", shell, go.path, Program.executable.path] + arguments
        let new = client + ["new-session", "-d"] + size + program
        guard Tool.waits(until: { Tool.output("tmux", new, environment: environment) != nil }),
            Tool.output("tmux", client + ["pipe-pane", "cat > '\(output.path)'"]) != nil
        else {
            server.terminate()
            throw CocoaError(.executableLoad)
        }
        try Data().write(to: go)
    }

    deinit {
        server.terminate()
    }

    /// Presses keys by their tmux names.
    func press(_ keys: String...) {
        _ = Tool.output("tmux", client + ["send-keys"] + keys)
    }

    /// Waits for the program to end.
    /// - Returns: whether it did.
    func ends() -> Bool { Tool.waits { Tool.output("tmux", client + ["has-session"]) == nil } }

    /// All that the program has written.
    var written: String {
        (try? Data(contentsOf: folder.url.appendingPathComponent("output"))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The characters on the screen.
    var text: String { capture([]) }

    /// The cells of the screen, row by row, each with what sets its colours before it.
    var cells: [[String]] {
        capture(["-e"]).split(separator: "\n", omittingEmptySubsequences: false).map(Self.cells)
    }

    private func capture(_ options: [String]) -> String {
        Tool.output("tmux", client + ["capture-pane", "-p"] + options).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// tmux tells of a colour where it changes.
    private static func cells(of line: Substring) -> [String] {
        var (cells, foreground, background, rest) = ([String](), "", "", line)
        while let first = rest.first {
            guard first == "\u{1B}", let end = rest.firstIndex(of: "m") else {
                cells.append(foreground + background + String(first))
                rest.removeFirst()
                continue
            }
            let style = String(rest[...end].dropFirst(2))
            switch style.prefix(2) {
            case "38", "39": foreground = style
            case "48", "49": background = style
            default: if style.hasPrefix("0") { (foreground, background) = ("", "") }
            }
            rest = rest[end...].dropFirst()
        }
        return cells
    }
}
