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
