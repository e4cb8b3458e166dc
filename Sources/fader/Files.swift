import Foundation

/// Reading and writing what a command's arguments name; `-` is standard input or output.
enum Files {
    static func read(_ path: String) throws -> Data {
        if path == "-" { return try standardInput() }
        // A device such as /dev/zero has no end; a pipe has.
        guard let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType,
            type != .typeCharacterSpecial && type != .typeBlockSpecial, let data = FileManager.default.contents(atPath: path)
        else { throw CommandError.unreadable(path) }
        return data
    }

    /// Makes a folder, with those around it, unless it is there.
    static func makeFolder(_ url: URL) throws {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw CommandError.notAFolder(url.path)
        }
    }

    private static func standardInput() throws -> Data {
        do { return try FileHandle.standardInput.readToEnd() ?? Data() } catch { throw CommandError.unreadable("standard input") }
    }

    /// - Parameter sorted: whether members are in alphabetical order, one to a line.
    static func printJSON(_ value: some Encodable, sorted: Bool = false) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = sorted ? [.withoutEscapingSlashes, .sortedKeys, .prettyPrinted] : .withoutEscapingSlashes
        try StandardOutput.write(try encoder.encode(value) + Data("\n".utf8))
    }
}
