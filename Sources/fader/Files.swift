import Foundation

/// Reading and writing what a command's arguments name; `-` is standard input or output.
enum Files {
    static func read(_ path: String) throws -> Data {
        if path == "-" { return FileHandle.standardInput.readDataToEndOfFile() }
        guard let data = FileManager.default.contents(atPath: path) else { throw CommandError.unreadable(path) }
        return data
    }

    /// - Parameter sorted: whether members are in alphabetical order, one to a line.
    static func printJSON(_ value: some Encodable, sorted: Bool = false) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = sorted ? [.withoutEscapingSlashes, .sortedKeys, .prettyPrinted] : .withoutEscapingSlashes
        FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
    }
}
