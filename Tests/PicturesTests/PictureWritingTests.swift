import Foundation
import TestSupport
import Testing

@testable import Pictures

@Suite("Writing pictures") struct PictureWritingTests {
    @Test(
        "The suffix decides the format, in any case",
        arguments: zip(["a.png", "a.PNG", "b.jpg", "b.JPEG", "dir.png/c.webp"], [PictureFormat.png, .png, .jpeg, .jpeg, .webp]))
    func suffix(_ name: String, _ format: PictureFormat) throws {
        #expect(try PictureFormat(suffixOf: URL(fileURLWithPath: name)) == format)
    }

    @Test("Another suffix is refused in a sentence", arguments: ["a.gif", "a.tiff", "a", ".png", "a.png.bak", "a.", "jpg"])
    func otherSuffix(_ name: String) {
        let url = URL(fileURLWithPath: name)
        let error = #expect(throws: PictureError.unknownSuffix(name: url.relativePath)) { try PictureFormat(suffixOf: url) }
        #expect(error?.description.hasSuffix("end it in .png, .jpg, .jpeg or .webp.") == true)
    }

    @Test("Each format's file is of that format and shows the picture", arguments: PictureFormat.allCases)
    func roundTrip(_ format: PictureFormat) throws {
        let picture = try Picture(contentsOf: Fixtures.url("rgb.png"))
        let data = try picture.encoded(as: format)
        #expect(PictureFormat(sniffing: data) == format)
        let read = try Picture(data: data, name: "p")
        #expect(try #require(meanDifference(read, picture)) < (format == .png ? 0.001 : 8))
        #expect(try picture.encoded(as: format) == data)
    }

    @Test("A lower quality makes a smaller file", arguments: [PictureFormat.jpeg, .webp])
    func quality(_ format: PictureFormat) throws {
        let picture = try Picture(contentsOf: Fixtures.url("rgb.png"))
        let sizes = try [-5, 1, 60, 100, 1000].map { try picture.encoded(as: format, quality: $0).count }
        #expect(sizes[0] == sizes[1] && sizes[1] < sizes[2] && sizes[2] < sizes[3] && sizes[3] == sizes[4])
    }

    @Test("A text is kept by PNG and refused by the formats that cannot carry it", arguments: PictureFormat.allCases)
    func text(_ format: PictureFormat) throws {
        let picture = try Fixtures.noise(5, 4)
        if format.carriesText {
            #expect(try Picture.pngText(in: picture.encoded(as: format, text: [("Recipe", "{}")])) == ["Recipe": "{}"])
        } else {
            #expect(throws: PictureError.self) { try picture.encoded(as: format, text: [("Recipe", "{}")]) }
        }
    }

    @Test("A picture wider than a format can hold is refused with the way out") func tooWide() throws {
        let picture = try Picture(width: 16_384, height: 1, pixels: [UInt8](repeating: 7, count: 16_384 * 3))
        let error = #expect(throws: PictureError.self) { try picture.encoded(as: .webp) }
        #expect(error?.description.contains("16383 pixels a side") == true)
        #expect(try Picture(data: picture.encoded(as: .jpeg), name: "p").width == 16_384)
    }

    @Test("Saving follows the suffix and leaves nothing else", arguments: ["p.png", "p.jpeg", "p.webp"])
    func saving(_ name: String) throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appendingPathComponent(name)
        try Fixtures.noise(9, 6).write(to: url)
        #expect(try PictureFormat(sniffing: Data(contentsOf: url)) == PictureFormat(suffixOf: url))
        #expect(try folder.names == [name])
    }
}
