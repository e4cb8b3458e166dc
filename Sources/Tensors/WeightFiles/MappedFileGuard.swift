import Foundation

/// What happens when a mapped file is cut short while its pages are still to be read: the system has nothing to give but a signal.
public enum MappedFileGuard {
    private static let sentence: StaticString =
        "A file that Fader was reading became shorter, or its disk failed; restore it and start Fader again.\n"

    /// From now on such a file ends the process with one sentence on standard error and exit code 1, instead of a crash.
    public static func install() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            // Nothing else is allowed in a handler: no allocation, no lock.
            _ = write(STDERR_FILENO, MappedFileGuard.sentence.utf8Start, MappedFileGuard.sentence.utf8CodeUnitCount)
            _exit(1)
        }
        sigaction(SIGBUS, &action, nil)
    }
}
