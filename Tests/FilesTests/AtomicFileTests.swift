import Files
import Foundation
import TestSupport
import Testing

@Suite("Saving files") struct AtomicFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("A new file and a replaced one hold the bytes, and nothing else is left") func replaces() throws {
        let url = folder.url.appendingPathComponent("file")
        try AtomicFile.write(Data("old".utf8), to: url)
        try AtomicFile.write(Data("new".utf8), to: url)
        #expect(try Data(contentsOf: url) == Data("new".utf8))
        #expect(try folder.names == ["file"])
    }

    @Test("Bytes appear in the order in which they were appended, and not before the last of them") func appends() throws {
        let url = try folder.file("file", "old".utf8)
        try AtomicFile.write(to: url) { file in
            try file.append([1, 2] as [UInt8])
            try file.append([UInt8]())
            try file.append(Data(repeating: 3, count: 1 << 20))
            #expect(try Data(contentsOf: url) == Data("old".utf8))
        }
        #expect(try Data(contentsOf: url) == Data([1, 2]) + Data(repeating: 3, count: 1 << 20))
    }

    @Test("When the bytes cannot be made, the old file stays and nothing else is left") func failingBody() throws {
        struct Failure: Error {}
        let url = try folder.file("file", "old".utf8)
        #expect(throws: Failure.self) {
            try AtomicFile.write(to: url) { file in
                try file.append(Data("new".utf8))
                throw Failure()
            }
        }
        #expect(try Data(contentsOf: url) == Data("old".utf8))
        #expect(try folder.names == ["file"])
    }

    @Test("A link stays one, and its file is replaced", arguments: ["file", "other/../file"]) func link(destination: String) throws {
        try FileManager.default.createDirectory(at: folder.url.appendingPathComponent("other"), withIntermediateDirectories: true)
        let file = try folder.file("file", "old".utf8)
        let link = try link("link", to: destination)
        try AtomicFile.write(Data("new".utf8), to: link)
        #expect(try Data(contentsOf: file) == Data("new".utf8))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == destination)
    }

    @Test("A link to a link to a file that is not there yet makes that file") func danglingLink() throws {
        _ = try link("first", to: "second")
        _ = try link("second", to: folder.url.appendingPathComponent("file").path)
        try AtomicFile.write(Data("new".utf8), to: folder.url.appendingPathComponent("first"))
        #expect(try Data(contentsOf: folder.url.appendingPathComponent("file")) == Data("new".utf8))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.url.appendingPathComponent("first").path) == "second")
    }

    @Test("A link to itself is told in a sentence") func circle() throws {
        let circle = try link("circle", to: "circle")
        #expect(try refusal(circle) == "\(circle.path): the file cannot be saved: too many levels of symbolic links.")
        #expect(try folder.names == ["circle"])
    }

    @Test("A folder that is not there is told in a sentence") func missingFolder() throws {
        let url = folder.url.appendingPathComponent("missing/file")
        #expect(try refusal(url) == "\(url.path): the file cannot be saved: no such file or directory.")
    }

    @Test("Folders and devices are never replaced") func specialFiles() throws {
        for url in [folder.url, URL(fileURLWithPath: "/dev/null")] {
            #expect(try refusal(url) == "\(url.path): the file cannot be saved: it is not a regular file.")
        }
        #expect(try folder.names.isEmpty)
    }

    // A process of its own: its files may not grow beyond a kilobyte, which fails as a full disk does.
    @Test("When the disk is full, the older file stays and nothing else is left") func fullDisk() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let url = try folder.file("file", "old".utf8)
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1024, rlim_max: 1024)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let error = #expect(throws: AtomicFileError.self) { try AtomicFile.write(Data(count: 10_000), to: url) }
            #expect(error?.reason == "file too large")
            #expect(try Data(contentsOf: url) == Data("old".utf8))
            #expect(try folder.names == ["file"])
        }
    }

    private func link(_ name: String, to destination: String) throws -> URL {
        let link = folder.url.appendingPathComponent(name)
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: destination)
        return link
    }

    /// The message with which saving at `url` fails.
    private func refusal(_ url: URL) throws -> String {
        try #require(#expect(throws: AtomicFileError.self) { try AtomicFile.write(Data(), to: url) }).description
    }
}
