import Foundation

/// Tells the program that started this one how far the work is.
///
/// That program names a connected socket by its descriptor in `$FADER_PROGRESS`, and reads there one `Line` of JSON to a line. When it closes its
/// end or ends itself, this program stops as it does at Ctrl-C: nobody waits for what it does.
public final class ProgressChannel: Sendable {
    /// How far the work is.
    public struct Line: Sendable, Equatable, Codable {
        public var stage: String
        /// Steps done, of `count`.
        public var step, count: Int

        public init(stage: String, step: Int, count: Int) {
            self.stage = stage
            self.step = step
            self.count = count
        }
    }

    /// The environment variable that names the socket.
    public static let variable = "FADER_PROGRESS"

    /// How long the program may take to save what it has, in seconds, once the other end is closed.
    private static let savingTime = 60.0

    /// The channel to the program that started this one; nil when it did not ask for any.
    public static let inherited: ProgressChannel? = {
        guard let text = ProcessInfo.processInfo.environment[variable], let descriptor = CInt(text), descriptor > STDERR_FILENO else {
            return nil
        }
        // It is not for the programs that this one starts.
        unsetenv(variable)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return ProgressChannel(descriptor)
    }()

    private let descriptor: CInt

    private init(_ descriptor: CInt) { self.descriptor = descriptor }

    public func send(_ progress: WorkProgress) {
        send(Line(stage: progress.stage.rawValue, step: progress.step, count: progress.count))
    }

    /// Sends a line, unless the other end does not keep up.
    public func send(_ line: Line) {
        guard let data = try? JSONEncoder().encode(line) else { return }
        let bytes = Array(data) + [UInt8(ascii: "\n")]
        _ = Foundation.send(descriptor, bytes, bytes.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
    }

    /// Ends this program when the other end is closed: by what Ctrl-C sends, and, where that does not help in time, at once.
    public func endWithOtherEnd() {
        let thread = Thread { [descriptor] in
            var byte: UInt8 = 0
            var count = 1
            while count > 0 || (count < 0 && errno == EINTR) { count = recv(descriptor, &byte, 1, 0) }
            kill(getpid(), SIGINT)
            Thread.sleep(forTimeInterval: Self.savingTime)
            _exit(130)
        }
        thread.start()
    }
}
