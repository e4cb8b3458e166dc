import CZlib
import Files
import Foundation
import TestSupport
import Testing

@testable import Pictures

@Suite("PNG") struct PNGTests {
    @Test("What is written is read back exactly", arguments: [(1, 1), (7, 3), (64, 33)], [0, 6, 9])
    func roundTrip(_ size: (Int, Int), _ compression: Int) throws {
        let picture = try Fixtures.noise(size.0, size.1)
        #expect(try Picture(data: picture.pngData(compression: compression), name: "p") == picture)
    }

    @Test("Texts are kept, ASCII or not, long or empty")
    func texts() throws {
        let texts = ["Recipe": #"{"edits": []}"#, "Title": "Füchse 🦊", "Empty": "", "Long": String(repeating: "fox", count: 99_999)]
        let data = try Fixtures.noise(4, 4).pngData(text: texts.map { (keyword: $0.key, text: $0.value) })
        #expect(try Picture.pngText(in: data) == texts)
        #expect(try Picture(data: data, name: "p") == Fixtures.noise(4, 4))
    }

    @Test("Compressed texts of other programs are read") func compressedTexts() throws {
        let packed = try zlibCompressed(Array("a recipe".utf8))
        let text = ("zTXt", Array("Old".utf8) + [0, 0] + packed)
        let international = ("iTXt", Array("New".utf8) + [0, 1, 0, 0, 0] + packed)
        let file = try PNGBuilder(width: 1, height: 1, extra: [text, international]).data
        #expect(try Picture.pngText(in: file) == ["Old": "a recipe", "New": "a recipe"])
    }

    @Test("A small chunk that claims a huge text is refused") func textBomb() throws {
        let packed = try zlibCompressed([UInt8](repeating: 65, count: 20 << 20))
        let file = try PNGBuilder(width: 1, height: 1, extra: [("zTXt", Array("Bomb".utf8) + [0, 0] + packed)]).data
        #expect(throws: PictureError.self) { try Picture.pngText(in: file) }
    }

    @Test(
        "Keywords that PNG cannot hold are refused",
        arguments: ["", " a", "a ", "a  b", "clé", "a\0b", String(repeating: "k", count: 80)])
    func badKeywords(_ keyword: String) throws {
        let picture = try Fixtures.noise(1, 1)
        #expect(throws: PictureError.self) { try picture.pngData(text: [(keyword, "text")]) }
    }

    @Test("A text with a zero character is refused") func zeroInText() throws {
        let picture = try Fixtures.noise(1, 1)
        #expect(throws: PictureError.self) { try picture.pngData(text: [("Key", "a\0b")]) }
    }

    @Test("There are no texts in what is not a PNG file") func textOfOthers() throws {
        #expect(throws: PictureError.unknownFormat(name: "the picture")) { try Picture.pngText(in: Fixtures.data("444.jpg")) }
    }

    @Test("A picture is its own data address") func dataURI() throws {
        let picture = try Fixtures.noise(5, 4)
        let address = try picture.dataURI
        #expect(address.hasPrefix("data:image/png;base64,"))
        let data = try #require(Data(base64Encoded: String(address.dropFirst("data:image/png;base64,".count))))
        #expect(try Picture(data: data, name: "p") == picture)
    }

    @Test("A colour key counts in 16 bits, and only where all samples equal it") func colorKey() throws {
        let samples: [UInt8] = [0x12, 0x34, 0x12, 0x34, 0x12, 0x34] + [0x12, 0x34, 0x12, 0x34, 0x12, 0x35]
        let file = try PNGBuilder(
            width: 2, height: 1, bitDepth: 16, colorType: 2, rows: [0] + samples,
            extra: [("tRNS", [0x12, 0x34, 0x12, 0x34, 0x12, 0x34])]
        ).data
        #expect(try Picture(data: file, name: "p").pixels == [255, 255, 255, 0x12, 0x12, 0x12])
    }

    @Test("A colour beyond the palette's end is black") func paletteEnd() throws {
        let file = try PNGBuilder(width: 2, height: 1, colorType: 3, rows: [0, 0, 9], extra: [("PLTE", [1, 2, 3])]).data
        #expect(try Picture(data: file, name: "p").pixels == [1, 2, 3, 0, 0, 0])
    }

    @Test(
        "A header beyond the limits is refused before any data is missed",
        arguments: [(60_000, 60_000), (65_536, 1), (20_000, 20_000), (0x7FFF_FFFF, 1)])
    func tooLarge(_ width: Int, _ height: Int) throws {
        let file = try PNGBuilder(width: width, height: height).data
        #expect(throws: PictureError.tooLarge(name: "p", width: width, height: height)) { try Picture(data: file, name: "p") }
    }

    @Test("A picture wider than memory may hold is read at half its width") func veryWide() throws {
        let row: [UInt8] = [0] + [UInt8](repeating: 100, count: 40_000 * 3)
        let file = try PNGBuilder(width: 40_000, height: 2, rows: row + row).data
        let picture = try Picture(data: file, name: "p")
        #expect(picture.width == 20_000 && picture.height == 1)
        #expect(picture.pixels.allSatisfy { $0 == 100 })
    }

    @Test("Display P3 by code points is as by its profile") func codePoints() throws {
        let colors: [UInt8] = [0, 200, 100, 50, 30, 180, 90, 128, 128, 128]
        let file = try PNGBuilder(width: 3, height: 1, rows: colors, extra: [("cICP", [12, 13, 0, 1])]).data
        let picture = try Picture(data: file, name: "p")
        // What CSS Color 4 gives for color(display-p3 …) in sRGB.
        let expected: [UInt8] = [215, 93, 31, 0, 183, 78, 128, 128, 128]
        #expect(zip(picture.pixels, expected).allSatisfy { abs(Int($0) - Int($1)) <= 2 }, "\(picture.pixels)")
    }

    @Test("A large header over little data is refused") func emptyPromise() throws {
        let file = try PNGBuilder(width: 16_000, height: 12_000).data
        #expect(throws: PictureError.damaged(name: "p", reason: "its PNG data ends too early")) { try Picture(data: file, name: "p") }
    }

    @Test("A picture is saved with its texts, and nothing else is left") func saving() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appendingPathComponent("picture.png")
        let picture = try Fixtures.noise(9, 6)
        try picture.write(toPNG: url, text: [("Recipe", "{}")])
        #expect(try Picture(contentsOf: url) == picture)
        #expect(try Picture.pngText(in: Data(contentsOf: url)) == ["Recipe": "{}"])
        #expect(try folder.names == ["picture.png"])
    }

    @Test("Chunks that make no sense are refused")
    func nonsense() throws {
        let files = [
            try PNGBuilder(width: 0, height: 1).data,
            try PNGBuilder(width: 1, height: 1, bitDepth: 3).data,
            try PNGBuilder(width: 1, height: 1, colorType: 3).data,
            try PNGBuilder(width: 1, height: 1, colorType: 3, extra: [("PLTE", [1, 2])]).data,
            try PNGBuilder(width: 1, height: 1, rows: [7, 0, 0, 0]).data,
            try PNGBuilder(width: 1, height: 1, extra: [("ABCD", [])]).data,
            try PNGBuilder(width: 1, height: 1, extra: [("IHDR", [])]).data,
        ]
        for file in files {
            #expect(throws: PictureError.self) { try Picture(data: file, name: "p") }
        }
    }

    @Test("Whatever layout a header declares over whatever bytes is read or refused", arguments: [0, 2, 3, 4, 6] as [UInt8])
    func anyLayout(_ colorType: UInt8) throws {
        var generator = SeededGenerator(seed: UInt64(colorType))
        func bytes(_ count: ClosedRange<Int>) -> [UInt8] {
            (0..<Int.random(in: count, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
        var read = 0
        for bitDepth in [1, 2, 4, 8, 16] as [UInt8] {
            for size in 1...12 {
                // Filters 0 to 4 at every place a row may begin, so that most layouts come through.
                let rows = bytes(400...2000).map { $0 % 5 }
                let file = try PNGBuilder(
                    width: size, height: 13 - size, bitDepth: bitDepth, colorType: colorType, interlace: UInt8(size % 2), rows: rows,
                    extra: [("PLTE", bytes(0...256) + [1, 2, 3]), ("tRNS", bytes(0...300))]
                ).data
                if let picture = try? Picture(data: file, name: "p") {
                    #expect(picture.width == size && picture.height == 13 - size)
                    read += 1
                }
            }
        }
        #expect(read > 10)
    }

    @Test("A file cut within the picture's data is refused") func truncated() throws {
        let whole = try Fixtures.noise(20, 20).pngData()
        for count in stride(from: 0, to: whole.count - 13, by: 5) {
            #expect(throws: PictureError.self) { try Picture(data: whole.prefix(count), name: "p") }
        }
    }
}

/// A PNG file made by hand, right or wrong.
private struct PNGBuilder {
    let data: Data

    init(
        width: Int, height: Int, bitDepth: UInt8 = 8, colorType: UInt8 = 2, interlace: UInt8 = 0, rows: [UInt8] = [0, 0, 0, 0],
        extra: [(type: String, body: [UInt8])] = []
    ) throws {
        var data = Data(pngSignature)
        func append(_ type: String, _ body: [UInt8]) {
            let checked = Array(type.utf8) + body
            data += bytes(UInt32(body.count)) + checked + bytes(Checksum.crc32(checked))
        }
        append("IHDR", bytes(UInt32(width)) + bytes(UInt32(height)) + [bitDepth, colorType, 0, 0, interlace])
        for chunk in extra { append(chunk.type, chunk.body) }
        append("IDAT", try zlibCompressed(rows))
        append("IEND", [])
        self.data = data
    }
}

private func bytes(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
}

private func zlibCompressed(_ bytes: [UInt8]) throws -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var output = [UInt8](repeating: 0, count: Int(count))
    try #require(compress(&output, &count, bytes, UInt(bytes.count)) == Z_OK)
    return Array(output.prefix(Int(count)))
}
