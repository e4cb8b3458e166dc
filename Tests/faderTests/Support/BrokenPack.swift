import Foundation
import TestSupport

/// The demo pack with one file replaced or taken away.
struct BrokenPack {
    private let folder: TemporaryFolder
    var path: String { folder.url.path }

    /// - Parameters:
    ///   - file: the path of the file in the pack.
    ///   - change: what the file holds from what it held; nil takes it away.
    init(_ file: String, _ change: (Data) throws -> Data?) throws {
        folder = try TemporaryFolder()
        let demo = URL(fileURLWithPath: Program.demo)
        let files = FileManager.default
        // A library that somebody has built there is not part of the pack.
        for path in try files.subpathsOfDirectory(atPath: demo.path) where !path.contains(".sqlite") {
            var isFolder: ObjCBool = false
            let (source, copy) = (demo.appendingPathComponent(path), folder.url.appendingPathComponent(path))
            _ = files.fileExists(atPath: source.path, isDirectory: &isFolder)
            if isFolder.boolValue {
                try files.createDirectory(at: copy, withIntermediateDirectories: true)
            } else if path.hasSuffix(".json") {
                try files.copyItem(at: source, to: copy)
            } else {
                // Weights are large and never written to.
                try files.createSymbolicLink(at: copy, withDestinationURL: source)
            }
        }
        let place = folder.url.appendingPathComponent(file)
        let content = try Data(contentsOf: place)
        try files.removeItem(at: place)
        try change(content)?.write(to: place)
    }

    /// Takes a file or a folder away.
    func remove(_ path: String) throws { try FileManager.default.removeItem(at: folder.url.appendingPathComponent(path)) }

    /// Adds a file that the demo pack does not have.
    func add(_ file: String, _ content: Data) throws {
        try content.write(to: folder.url.appendingPathComponent(file))
    }
}
