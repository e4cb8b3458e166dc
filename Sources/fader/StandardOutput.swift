import Foundation

/// Where results go, and nothing else.
enum StandardOutput {
    /// - Throws: `CommandError.unwritable` when a full disk or a closed device does not take them.
    static func write(_ data: Data) throws {
        // Foundation's `write(_:)` and `print` would crash or say nothing.
        do { try FileHandle.standardOutput.write(contentsOf: data) } catch { throw CommandError.unwritable("standard output") }
    }

    static func print(_ text: String) throws {
        try write(Data((text + "\n").utf8))
    }
}
