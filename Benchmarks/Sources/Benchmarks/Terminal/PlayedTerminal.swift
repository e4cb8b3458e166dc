import Foundation
import Synchronization

/// A pseudo-terminal in which the program runs: it answers as an xterm with sixel, and notes when which picture came.
final class PlayedTerminal: Sendable {
    /// A picture that has arrived.
    struct Arrival: Sendable {
        let time: ContinuousClock.Instant
        let column: Int
        let count: Int
        let hash: Int
    }

    fileprivate struct Log {
        /// What came last: of a picture that is on its way, all.
        var recent: [UInt8] = []
        /// Where the picture that is on its way is drawn; nil between pictures.
        var column: Int?
        var arrivals: [Arrival] = []
        /// When anything came last, and the first time after a key.
        var firstOutput: ContinuousClock.Instant?
    }

    fileprivate static let answers = [(Array("\u{1B}[c".utf8), "\u{1B}[?63;1;2;4;6;22c"), (Array("\u{1B}[5n".utf8), "\u{1B}[0n")]
    fileprivate static let introducer = Array("\u{1B}P".utf8)
    fileprivate static let terminator = Array("\u{1B}\\".utf8)

    private let terminal: Int32
    private let process: pid_t
    private let log = Mutex(Log())

    /// Starts a program in a terminal of 120 × 40 cells of 10 × 20 pixels; nil when the system does not.
    init?(_ words: [String]) {
        var (terminal, program): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: 40, ws_col: 120, ws_xpixel: 1200, ws_ypixel: 800)
        var name = [CChar](repeating: 0, count: 256)
        guard openpty(&terminal, &program, &name, nil, &size) == 0 else { return nil }
        _ = fcntl(terminal, F_SETFD, FD_CLOEXEC)
        _ = fcntl(program, F_SETFD, FD_CLOEXEC)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Swift does not see glibc's POSIX_SPAWN_SETSID.
        posix_spawnattr_setflags(&attributes, 0x80)
        let environment = ProcessInfo.processInfo.environment.merging([
            "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "XDG_STATE_HOME": NSTemporaryDirectory(),
        ]) { $1 }
        let (texts, variables) = (words.map { strdup($0) } + [nil], environment.map { strdup("\($0.key)=\($0.value)") } + [nil])
        defer { for text in texts + variables { free(text) } }
        var started: pid_t = 0
        guard posix_spawn(&started, words[0], &actions, &attributes, texts, variables) == 0 else { return nil }
        process = started
        self.terminal = terminal
        close(program)
        Thread.detachNewThread { [weak self, terminal] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(terminal, &buffer, buffer.count)
                guard count > 0 else { return }
                self?.take(buffer[..<count])
            }
        }
    }

    /// The pictures that have come so far.
    var arrivals: [Arrival] { log.withLock(\.arrivals) }

    /// When the first output after the last key came.
    var firstOutput: ContinuousClock.Instant? { log.withLock(\.firstOutput) }

    /// Types, and returns when.
    func type(_ text: String) -> ContinuousClock.Instant {
        log.withLock { $0.firstOutput = nil }
        let now = ContinuousClock.now
        send(text)
        return now
    }

    /// Waits until something is true.
    /// - Returns: whether it became true in time.
    func waits(upTo seconds: Double = 60, until isTrue: (PlayedTerminal) -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if isTrue(self) { return true }
            usleep(2_000)
        }
        return false
    }

    /// Has the program end.
    func quit() {
        _ = type("q")
        waitpid(process, nil, 0)
        close(terminal)
    }

    private func send(_ text: String) { _ = write(terminal, text, text.utf8.count) }

    private func take(_ bytes: ArraySlice<UInt8>) {
        let now = ContinuousClock.now
        let due = log.withLock { log in
            log.firstOutput = log.firstOutput ?? now
            return bytes.compactMap { log.take($0, now) }
        }
        for answer in due { send(answer) }
    }
}

extension PlayedTerminal.Log {
    /// Each byte is looked at once: a terminal that is slower than the program would be what is measured.
    /// - Returns: the answer to a question that this byte completes.
    fileprivate mutating func take(_ byte: UInt8, _ now: ContinuousClock.Instant) -> String? {
        recent.append(byte)
        if let column {
            if byte == PlayedTerminal.terminator[1], recent.ends(with: PlayedTerminal.terminator) { finishPicture(at: column, now) }
            return nil
        }
        if recent.count > 4096 { recent.removeFirst(4000) }
        if byte == PlayedTerminal.introducer[1], recent.ends(with: PlayedTerminal.introducer) { beginPicture() }
        return PlayedTerminal.answers.first { byte == $0.0.last && recent.ends(with: $0.0) }?.1
    }

    private mutating func beginPicture() {
        let before = String(decoding: recent.suffix(14).dropLast(2), as: UTF8.self)
        column = before.firstMatch(of: /;(\d+)H$/).flatMap { Int($0.1) } ?? 0
        recent = []
    }

    private mutating func finishPicture(at column: Int, _ now: ContinuousClock.Instant) {
        if recent.count > 200 {
            arrivals.append(PlayedTerminal.Arrival(time: now, column: column, count: recent.count, hash: recent.hashValue))
        }
        (self.column, recent) = (nil, [])
    }
}

extension [UInt8] {
    fileprivate func ends(with ending: [UInt8]) -> Bool { suffix(ending.count).elementsEqual(ending) }
}
