import Foundation
import TestSupport
import Testing

@testable import Pictures

@Suite("Picture files") struct PictureReadingTests {
    @Test("Every kind of file is read as Pillow reads it", arguments: Fixtures.files.keys.sorted())
    func asPillow(_ name: String) throws {
        let picture = try Picture(contentsOf: Fixtures.url(name))
        let expected = try #require(Fixtures.files[name])
        let difference = try #require(largestDifference(picture, expected))
        #expect(difference <= (name.hasSuffix(".png") ? 0 : 1))
    }

    @Test("There are fixtures of 19 readable files") func fixturesAreThere() {
        #expect(Fixtures.files.count == 19)
    }

    @Test("The eight orientations show the same picture upright", arguments: 2...8)
    func orientations(_ orientation: Int) throws {
        let stored = try Picture(contentsOf: Fixtures.url("orientation-1.jpg"))
        let turned = try Picture(contentsOf: Fixtures.url("orientation-\(orientation).jpg"))
        #expect(turned.width == (orientation >= 5 ? stored.height : stored.width))
        #expect(turned.pixels.reduce(0) { $0 + Int($1) } == stored.pixels.reduce(0) { $0 + Int($1) })
        #expect(turned != stored)
    }

    @Test("The bytes decide the format, not the name") func sniffing() throws {
        let jpeg = try Picture(data: Fixtures.data("444.jpg"), name: "picture.png")
        #expect(jpeg == (try Picture(contentsOf: Fixtures.url("444.jpg"))))
        #expect(throws: PictureError.unknownFormat(name: "text.png")) {
            try Picture(data: Data("Once upon a time".utf8), name: "text.png")
        }
    }

    @Test("An empty file is refused") func empty() {
        #expect(throws: PictureError.damaged(name: "empty.png", reason: "the file is empty")) {
            try Picture(data: Data(), name: "empty.png")
        }
    }

    @Test("A JPEG in print colours is refused with the way out") func printColors() throws {
        let error = #expect(throws: PictureError.self) { try Picture(data: Fixtures.data("cmyk.jpg"), name: "cmyk.jpg") }
        #expect(error?.description == "cmyk.jpg: this JPEG has CMYK colours, meant for print; convert it to RGB.")
    }

    @Test("An animated WebP is refused with the way out") func animation() throws {
        let error = #expect(throws: PictureError.self) { try Picture(data: Fixtures.data("animation.webp"), name: "a.webp") }
        #expect(error?.description == "a.webp: this WebP file is an animation; save one frame of it as a picture.")
    }

    @Test("A file that is not there, a folder and a pipe are refused in a sentence") func unreadable() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.url.appendingPathComponent("pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        let missing = folder.url.appendingPathComponent("missing.png")
        #expect(throws: PictureError.unreadable(name: missing.relativePath, reason: "there is no such file")) {
            try Picture(contentsOf: missing)
        }
        for url in [pipe, folder.url] {
            #expect(throws: PictureError.unreadable(name: url.relativePath, reason: "it is not a regular file")) {
                try Picture(contentsOf: url)
            }
        }
    }

    @Test("A JPEG header beyond the limits is refused at once") func hugeJPEG() throws {
        var data = try Fixtures.data("444.jpg")
        let frame = try #require(data.range(of: Data([0xFF, 0xC0, 0x00, 0x11, 0x08])))
        data.replaceSubrange(frame.upperBound..<frame.upperBound + 4, with: [0xEA, 0x60, 0xEA, 0x60])
        #expect(throws: PictureError.tooLarge(name: "p", width: 60_000, height: 60_000)) { try Picture(data: data, name: "p") }
    }

    @Test("A JPEG without its end is refused", arguments: ["420.jpg", "progressive.jpg"])
    func truncatedJPEG(_ name: String) throws {
        let whole = try Fixtures.data(name)
        for count in stride(from: 3, to: whole.count, by: 7) {
            #expect(throws: PictureError.self) { try Picture(data: whole.prefix(count), name: name) }
        }
    }
}
