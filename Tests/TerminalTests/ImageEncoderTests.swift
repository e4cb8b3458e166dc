import CZlib
import TerminalTestSupport
import TestSupport
import Testing

@testable import Terminal

private func capabilities(cellHeight: Int = 20) -> Capabilities {
    let pixels = PixelSize(width: 800, height: 24 * cellHeight)
    return Capabilities(
        environment: ["TERM": "xterm-256color", "LANG": "C.UTF-8"],
        window: WindowSize(cells: GridSize(columns: 80, rows: 24), pixels: pixels))
}

private func picture(width: Int = 120, height: Int = 120) throws -> RasterImage {
    var generator = SeededGenerator(seed: 11)
    let pixels = (0..<height).flatMap { y in
        (0..<width).flatMap { x in
            [x * 255 / width, y * 255 / height, 90].map { UInt8(clamping: $0 + Int.random(in: -9...9, using: &generator)) }
        }
    }
    return try RasterImage(width: width, height: height, pixels: pixels)
}

private let place = Rectangle(column: 3, row: 2, columns: 12, rows: 12)

private func encode(
    _ image: RasterImage, _ graphics: GraphicsProtocol, isDraft: Bool = false, partSize: Int = .max, cellHeight: Int = 20
) throws -> PlacedImage {
    let request = ImageEncoder.Request(rectangle: place, graphics: graphics, isDraft: isDraft, partSize: partSize, identity: 7)
    return try ImageEncoder().encode(image, request, for: capabilities(cellHeight: cellHeight))
}

@Suite("Image encoder") struct ImageEncoderTests {
    @Test("Sixel in parts shows the same pixels as in one", arguments: [20, 18, 19, 17]) func dividesSixel(cellHeight: Int) throws {
        let image = try picture()
        let whole = try encode(image, .sixel, cellHeight: cellHeight)
        let parts = try encode(image, .sixel, partSize: 3000, cellHeight: cellHeight)
        #expect(whole.parts.count == 1)
        #expect(parts.parts.count > 1)
        #expect(parts.covers(whole))
        var pixels: [UInt8] = []
        var width = 0
        for part in parts.parts {
            let decoded = try SixelDecoder(part.bytes)
            width = decoded.width
            #expect(part.row * cellHeight == pixels.count / (3 * width))
            pixels += decoded.rgb
        }
        #expect(try pixels == SixelDecoder(whole.parts[0].bytes).rgb)
    }

    @Test("A draft for a slow connection takes fewer bytes and the same cells") func sketches() throws {
        let image = try picture()
        let draft = try encode(image, .sixel, isDraft: true)
        let sketch = try encode(image, .sixel, isDraft: true, partSize: 1000)
        #expect(sketch.covers(draft))
        let sizes = [sketch, draft].map { image in image.parts.reduce(0) { $0 + $1.bytes.count } }
        #expect(3 * sizes[0] < sizes[1])
    }

    @Test("Blocks in parts are the same bytes", arguments: [GraphicsProtocol.blocks, .ascii]) func dividesBlocks(graphics: GraphicsProtocol)
        throws
    {
        let whole = try encode(picture(), graphics)
        let parts = try encode(picture(), graphics, partSize: 60)
        #expect(whole.parts.count == 1)
        #expect(parts.parts.count > 3)
        #expect(parts.parts.flatMap(\.bytes) == whole.parts[0].bytes)
    }

    @Test("A kitty picture is all its pixels, in commands of at most 4096 bytes of data", arguments: [Int.max, 6000])
    func sendsKitty(partSize: Int) throws {
        let image = try picture(width: 100, height: 60)
        let encoded = try encode(image, .kitty, partSize: partSize)
        #expect((encoded.parts.count > 1) == (partSize < .max))
        var terminal = TerminalEmulator(columns: 80, rows: 24)
        for part in encoded.parts { terminal.feed(part.bytes) }
        #expect(terminal.unknown.isEmpty)
        let kept = try #require(terminal.kept[7])
        #expect(kept.place?.columns == place.columns && kept.place?.rows == place.rows)
        let pixels = inflated(base64Decoded(kept.data), count: kept.channels * kept.width * kept.height)
        #expect(opaquePart(of: kept, pixels) == image)
        let longest = encoded.parts.flatMap { $0.bytes.split(separator: 0x1B) }.map(\.count).max() ?? 0
        #expect(longest < 4096 + 100)
    }

    @Test("A kitty picture is sent no larger than its cells, and a draft no larger than the connection bears") func reducesKitty() throws {
        var terminal = TerminalEmulator(columns: 80, rows: 24)
        for part in try encode(picture(width: 400, height: 400), .kitty).parts { terminal.feed(part.bytes) }
        #expect(terminal.kept[7]?.width == 120)
        #expect(terminal.kept[7]?.height == 240)
        for part in try encode(picture(), .kitty, isDraft: true, partSize: 1500).parts { terminal.feed(part.bytes) }
        #expect(terminal.kept[7]?.width ?? 0 < 60)
        #expect(terminal.kept[7]?.data.count ?? 0 < 6000)
    }

    @Test(
        "A kitty picture keeps its proportions: its part of the cells that the terminal stretches it to is as high and wide as it is",
        arguments: [(100, 60), (60, 100), (120, 240), (64, 64), (33, 7)])
    func keepsProportions(width: Int, height: Int) throws {
        var terminal = TerminalEmulator(columns: 80, rows: 24)
        for part in try encode(picture(width: width, height: height), .kitty).parts { terminal.feed(part.bytes) }
        let kept = try #require(terminal.kept[7])
        let stretched = (
            x: Double(place.columns * 10) / Double(kept.width), y: Double(place.rows * 20) / Double(kept.height)
        )
        // No pixel of the picture is off by half of its own size.
        #expect(abs(stretched.x / stretched.y - 1) * Double(max(width, height)) <= 0.51)
        #expect(kept.width >= width && kept.height >= height)
        #expect(kept.width == width || kept.height == height)
    }

    /// What of a kept picture is opaque, all in the upper left.
    private func opaquePart(of kept: TerminalEmulator.KeptPicture, _ pixels: [UInt8]) -> RasterImage? {
        guard kept.channels == 4 else { return try? RasterImage(width: kept.width, height: kept.height, pixels: pixels) }
        let rows = (0..<kept.height).map { y in
            (0..<kept.width).map { x in Array(pixels[4 * (y * kept.width + x)..<4 * (y * kept.width + x) + 4]) }
        }
        let opaque = rows.map { row in row.prefix { $0[3] == 255 } }.prefix { !$0.isEmpty }
        guard rows.joined().count(where: { $0[3] != 0 }) == opaque.joined().count else { return nil }
        return try? RasterImage(
            width: opaque.first?.count ?? 0, height: opaque.count, pixels: opaque.flatMap { $0.flatMap { $0.prefix(3) } })
    }

    private func base64Decoded(_ text: [UInt8]) -> [UInt8] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let bits = text.filter { $0 != UInt8(ascii: "=") }.compactMap { digits.firstIndex(of: $0) }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: bits.count, by: 4) {
            let group = bits[start..<min(bits.count, start + 4)]
            let value = group.reduce(0) { $0 << 6 | $1 } << (6 * (4 - group.count))
            bytes += [16, 8, 0].prefix(group.count - 1).map { UInt8(value >> $0 & 255) }
        }
        return bytes
    }

    private func inflated(_ bytes: [UInt8], count: Int) -> [UInt8] {
        var length = uLong(count)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = uncompress(buffer.baseAddress, &length, bytes, uLong(bytes.count)) == Z_OK ? Int(length) : 0
        }
    }
}
