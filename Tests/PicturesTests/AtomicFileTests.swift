import Foundation
import Testing

@testable import Pictures

@Suite("Saving files") struct AtomicFileTests {
    @Test("A new file and a replaced one hold the bytes, and nothing else is left") func replaces() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appendingPathComponent("file")
        try AtomicFile.write(Data("old".utf8), to: url)
        try AtomicFile.write(Data("new".utf8), to: url)
        #expect(try Data(contentsOf: url) == Data("new".utf8))
        #expect(try folder.contents == ["file"])
    }

    @Test("A link stays one, and its file is replaced") func link() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("file")
        let link = folder.url.appendingPathComponent("link")
        try Data("old".utf8).write(to: file)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
        try AtomicFile.write(Data("new".utf8), to: link)
        #expect(try Data(contentsOf: file) == Data("new".utf8))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == file.path)
    }

    @Test("A folder that is not there is told in a sentence") func missingFolder() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appendingPathComponent("missing/file")
        let error = #expect(throws: AtomicFileError.self) { try AtomicFile.write(Data(), to: url) }
        #expect(error?.description == "\(url.path): the file cannot be saved: no such file or directory.")
    }

    @Test("Folders and devices are never replaced") func specialFiles() throws {
        let folder = try TemporaryFolder()
        for url in [folder.url, URL(fileURLWithPath: "/dev/null")] {
            #expect(throws: AtomicFileError(path: url.path, reason: "it is not a regular file")) { try AtomicFile.write(Data(), to: url) }
        }
        #expect(try folder.contents.isEmpty)
    }

    @Test("A picture is saved with its texts") func picture() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appendingPathComponent("picture.png")
        let picture = try Fixtures.noise(9, 6)
        try picture.write(toPNG: url, text: [("Recipe", "{}")])
        #expect(try Picture(contentsOf: url) == picture)
        #expect(try Picture.pngText(in: Data(contentsOf: url)) == ["Recipe": "{}"])
    }
}
