import Foundation
import TerminalTestSupport
import TestSupport

/// The program in a terminal of its own, as a shell starts it.
final class TerminalSession {
    let terminal: FakeTerminal
    /// The line settings that the program found.
    let settings: [UInt8]
    /// Where the program finds its configuration and saves its session.
    let home: TemporaryFolder
    private let process: pid_t

    /// - Parameters:
    ///   - command: what is started in the terminal: the program, or something that starts it.
    ///   - variables: environment variables beyond those of an ordinary terminal.
    /// - Returns: nil when the system gives no terminal or does not start the program.
    init?(
        _ arguments: [String], command: [String] = [Program.executable.path], columns: Int, rows: Int, manner: FakeTerminal.Manner = .xterm,
        home: TemporaryFolder? = nil, environment variables: [String: String] = [:]
    ) {
        guard let terminal = FakeTerminal(columns: columns, rows: rows, manner: manner), let home = try? home ?? TemporaryFolder() else {
            return nil
        }
        self.home = home
        self.terminal = terminal
        settings = terminal.lineSettings
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The first terminal that a session's leader opens becomes its own.
        posix_spawn_file_actions_addopen(&actions, 0, terminal.path, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals that the tests block are not blocked for the program. Swift does not see glibc's POSIX_SPAWN_SETSID.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | 0x80))
        // What the tests' own terminal is (COLUMNS, NO_COLOR, TMUX, …) must not show.
        let environment = Program.environment.merging([
            "TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor", "HOME": home.url.path,
        ]) { $1 }.merging(variables) { $1 }
        var started: pid_t = 0
        let words = (command + arguments).map { strdup($0) } + [nil]
        let settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + settings { free(text) } }
        guard posix_spawnp(&started, command[0], &actions, &attributes, words, settings) == 0 else { return nil }
        process = started
    }

    /// Sends the program a signal.
    func send(_ signal: Int32) { kill(process, signal) }

    /// Ends the program without a word, as the system does when memory runs out.
    func killAtOnce() {
        send(SIGKILL)
        waitpid(process, nil, 0)
    }

    /// Waits for the program to end.
    /// - Returns: its exit code, or nil when a signal or the time limit ended it.
    func exitCode(within seconds: Double = 60) -> Int32? {
        var status: Int32 = 0
        let deadline = Date(timeIntervalSinceNow: seconds)
        while waitpid(process, &status, WNOHANG) == 0 {
            if Date() > deadline {
                send(SIGKILL)
                waitpid(process, &status, 0)
                return nil
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
    }
}

extension TerminalSession {
    /// What the files hold in which sessions are saved.
    var savedText: String {
        let folder = home.url.appendingPathComponent(".local/state/fader/sessions")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let texts = names.filter { $0.hasSuffix(".json") }.sorted().map {
            try? String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
        }
        return texts.compactMap(\.self).joined()
    }
}
