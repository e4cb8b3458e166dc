import Foundation

/// Everything that is not a result goes to standard error.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes one sentence, whatever the names in it hold.
    static func say(_ sentence: String) { write(sentence.escaped + "\n") }

    static func write(_ text: String) {
        // Where even complaints cannot be written, there is nobody to tell.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}

/// Where results go, and nothing else.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// - Throws: `CommandError.unwritable` when a full disk or a closed device does not take them.
    static func write(_ data: Data) throws {
        // Foundation's `write(_:)` and `print` would crash or say nothing.
        do { try FileHandle.standardOutput.write(contentsOf: data) } catch { throw CommandError.unwritable("standard output") }
    }

    /// Writes a text for people, without what a terminal would obey.
    static func print(_ text: String) throws {
        try write(Data((text.escapedLines + "\n").utf8))
    }

    /// Writes a text for programs as it is, but to a terminal without what that would obey.
    static func write(_ text: String) throws {
        try write(Data((isTerminal ? text.escapedLines : text).utf8))
    }
}
