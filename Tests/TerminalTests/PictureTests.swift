import Testing

@testable import Terminal

@Suite("Raster images") struct RasterImageTests {
    @Test("A picture whose bytes do not match its size is refused", arguments: [(2, 2, 11), (0, 4, 0), (-1, -1, 3)])
    func refusesWrongSizes(width: Int, height: Int, count: Int) {
        #expect(throws: TerminalError.self) { try RasterImage(width: width, height: height, pixels: Array(repeating: 0, count: count)) }
    }

    @Test("Scaling keeps one colour exactly, in any size", arguments: [(1, 1), (7, 3), (64, 64), (200, 5), (0, -3)])
    func keepsUniformColor(width: Int, height: Int) {
        let scaled = RasterImage(width: 64, height: 48, red: 255, green: 128, blue: 3).scaled(toWidth: width, height: height)
        #expect(scaled == RasterImage(width: width, height: height, red: 255, green: 128, blue: 3))
    }

    @Test("Scaling down takes the mean, so that fine stripes become grey") func averages() throws {
        let stripes = try RasterImage(
            width: 64, height: 64, pixels: (0..<64 * 64).flatMap { $0 % 2 == 0 ? [0, 0, 0] : [255, 255, 255] as [UInt8] })
        let scaled = stripes.scaled(toWidth: 8, height: 8)
        #expect(scaled.pixels.allSatisfy { abs(Int($0) - 128) < 16 })
    }

    @Test("Scaling up interpolates between neighbours and keeps the ends") func interpolates() throws {
        let ramp = try RasterImage(width: 2, height: 1, pixels: [0, 0, 0, 200, 200, 200]).scaled(toWidth: 8, height: 2)
        let row = (0..<8).map { ramp.color(x: $0, y: 1).red }
        #expect(row == row.sorted())
        #expect(row.first == 0)
        #expect(row.last == 200)
        #expect((80...120).contains((Int(row[3]) + Int(row[4])) / 2))
    }

    @Test("Fitting keeps the proportions") func fits() {
        let image = RasterImage(width: 200, height: 100, red: 0, green: 0, blue: 0).fitted(into: PixelSize(width: 120, height: 120))
        #expect((image.width, image.height) == (120, 60))
    }

    @Test("Drawing is clipped at every edge", arguments: [(-2, -2), (3, 3), (-9, 0), (0, 9), (4, 0)]) func drawsClipped(x: Int, y: Int) {
        var image = RasterImage(width: 4, height: 4, red: 0, green: 0, blue: 0)
        image.draw(RasterImage(width: 3, height: 3, red: 9, green: 9, blue: 9), x: x, y: y)
        for row in 0..<4 {
            for column in 0..<4 {
                let isInside = (x..<x + 3).contains(column) && (y..<y + 3).contains(row)
                #expect(image.color(x: column, y: row).red == (isInside ? 9 : 0))
            }
        }
    }
}

@Suite("Block encoder") struct BlockEncoderTests {
    private let place = Rectangle(column: 2, row: 1, columns: 2, rows: 2)

    private func halves() -> RasterImage {
        var image = RasterImage(width: 2, height: 4, red: 255, green: 0, blue: 0)
        image.draw(RasterImage(width: 2, height: 1, red: 0, green: 0, blue: 255), x: 0, y: 3)
        return image
    }

    private func encoded(_ depth: ColorDepth, isUnicode: Bool = true) -> String {
        String(decoding: BlockEncoder(depth: depth, isUnicode: isUnicode).encode(halves(), in: place), as: UTF8.self)
    }

    @Test("In 24-bit colour a cell is an upper pixel on a lower one, and colours are not repeated") func fullColor() {
        #expect(
            encoded(.full)
                == "\u{1B}[2;3H\u{1B}[38;2;255;0;0;48;2;255;0;0m▀▀\u{1B}[0m\u{1B}[3;3H\u{1B}[38;2;255;0;0;48;2;0;0;255m▀▀\u{1B}[0m")
    }

    @Test("In 256 and 16 colours the nearest entries stand in") func fewerColors() {
        #expect(encoded(.palette).contains("38;5;196;48;5;21m"))
        #expect(
            encoded(.sixteen).contains("\u{1B}[91;44m") || encoded(.sixteen).contains("\u{1B}[91;104m")
                || encoded(.sixteen).contains("\u{1B}[31;44m"))
    }

    @Test("Without Unicode a cell is one pixel of background") func withoutUnicode() {
        let text = encoded(.full, isUnicode: false)
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        #expect(text.contains("48;2;255;0;0m"))
    }

    @Test("Without colour the brightness becomes a character") func monochrome() {
        let white = RasterImage(width: 4, height: 4, red: 255, green: 255, blue: 255)
        let text = String(decoding: BlockEncoder(depth: .monochrome, isUnicode: true).encode(white, in: place), as: UTF8.self)
        #expect(text == "\u{1B}[2;3H@@\u{1B}[0m\u{1B}[3;3H@@\u{1B}[0m")
        let onLight = BlockEncoder(depth: .monochrome, isUnicode: true, isOnLight: true).encode(white, in: place)
        #expect(String(decoding: onLight, as: UTF8.self) == "\u{1B}[2;3H  \u{1B}[0m\u{1B}[3;3H  \u{1B}[0m")
    }

    @Test(
        "Colours find their nearest entry",
        arguments: [
            (Color.rgb(255, 255, 255), ColorDepth.palette, UInt8(231)), (.rgb(8, 8, 8), .palette, 232), (.rgb(95, 135, 175), .palette, 67),
            (.rgb(255, 0, 0), .sixteen, 9), (.indexed(196), .sixteen, 9), (.indexed(200), .palette, 200), (.indexed(12), .eight, 4),
        ]) func nearest(color: Color, depth: ColorDepth, expected: UInt8)
    {
        #expect(color.index(in: depth) == expected)
    }

    @Test("The terminal's own colour has no entry, and neither has any without colours") func noEntry() {
        #expect(Color.default.index(in: .full) == nil)
        #expect(Color.rgb(1, 2, 3).index(in: .monochrome) == nil)
    }
}
