import Foundation
import TerminalTestSupport
import TestSupport
import Testing

@testable import Terminal

/// A picture with soft gradients, hard edges and some noise.
private func picture(width: Int, height: Int, seed: UInt64 = 1) throws -> RasterImage {
    var generator = SeededGenerator(seed: seed)
    var pixels: [UInt8] = []
    for y in 0..<height {
        for x in 0..<width {
            let noise = Int.random(in: -4...4, using: &generator)
            let isInside = (x - width / 2) * (x - width / 2) + (y - height / 2) * (y - height / 2) < width * height / 9
            let color = isInside ? [230, 90 + Int(seed) * 10, 40] : [x * 255 / width, y * 255 / height, 128]
            pixels += color.map { UInt8(clamping: $0 + noise) }
        }
    }
    return try RasterImage(width: width, height: height, pixels: pixels)
}

/// The peak signal-to-noise ratio in decibels, after a 3×3 mean, as the eye sees dithered pictures; only the first picture's rows count.
private func similarity(_ image: RasterImage, _ decoded: SixelDecoder) -> Double {
    let drawn = decoded.rgb
    var sum = 0.0
    var count = 0.0
    for y in 1..<image.height - 1 {
        for x in 1..<image.width - 1 {
            for channel in 0..<3 {
                var difference = 0.0
                for index in [-1, 0, 1].flatMap({ dy in [-1, 0, 1].map { (y + dy) * image.width + x + $0 } }) {
                    difference += Double(image.pixels[3 * index + channel]) - Double(drawn[3 * index + channel])
                }
                sum += (difference / 9) * (difference / 9)
                count += 1
            }
        }
    }
    return 10 * log10(255 * 255 / (sum / count))
}

@Suite("Sixel encoder") struct SixelEncoderTests {
    @Test(
        "A decoded picture looks like the original", arguments: [(64, 60), (33, 31), (120, 126), (7, 3), (1, 1)],
        [(SixelEncoder.Quality.dragging, 26.0), (.atRest, 34.0)])
    func roundTrip(size: (width: Int, height: Int), quality: (kind: SixelEncoder.Quality, decibels: Double)) throws {
        let image = try picture(width: size.width, height: size.height)
        let decoded = try SixelDecoder(SixelEncoder().encode(image, quality: quality.kind))
        #expect(decoded.width == size.width)
        #expect(decoded.height == (size.height + 5) / 6 * 6)
        #expect(decoded.backgroundMode == 1)
        #expect(decoded.holes == 0)
        #expect(decoded.overflow == 0)
        if size.width > 30 { #expect(similarity(image, decoded) > quality.decibels) }
    }

    @Test("A picture of two colours keeps them", arguments: [SixelEncoder.Quality.dragging, .atRest])
    func fewColors(quality: SixelEncoder.Quality) throws {
        var image = RasterImage(width: 40, height: 24, red: 255, green: 0, blue: 0)
        image.draw(RasterImage(width: 10, height: 12, red: 0, green: 0, blue: 255), x: 5, y: 6)
        #expect(try SixelDecoder(SixelEncoder().encode(image, quality: quality)).rgb == image.pixels)
    }

    @Test("Colours kept while dragging stay right for the next picture and may be forgotten") func keepsPalette() throws {
        let encoder = SixelEncoder()
        let first = try picture(width: 96, height: 96, seed: 1)
        let second = try picture(width: 96, height: 96, seed: 5)
        _ = try encoder.encode(first, quality: .dragging)
        #expect(try similarity(second, SixelDecoder(encoder.encode(second, quality: .dragging))) > 24)
        let red = RasterImage(width: 96, height: 96, red: 1, green: 250, blue: 1)
        encoder.forgetPalette()
        let decoded = try SixelDecoder(encoder.encode(red, quality: .dragging))
        #expect(decoded.pixels.allSatisfy { $0?.green ?? 0 > 245 && $0?.red ?? 255 < 10 })
    }

    @Test("A picture at rest owes nothing to the one before") func atRestIsFresh() throws {
        let encoder = SixelEncoder()
        let image = try picture(width: 60, height: 60, seed: 2)
        let alone = try encoder.encode(image, quality: .atRest)
        _ = try encoder.encode(RasterImage(width: 60, height: 60, red: 9, green: 9, blue: 9), quality: .dragging)
        #expect(try encoder.encode(image, quality: .atRest) == alone)
    }

    @Test("Encoding leaves the picture as it was") func leavesInputAlone() throws {
        let image = try picture(width: 48, height: 48)
        let copy = image
        _ = try SixelEncoder().encode(image, quality: .atRest)
        #expect(image == copy)
    }

    @Test("A picture beyond all terminals is refused") func refusesHugePictures() throws {
        let image = RasterImage(width: 10_001, height: 1, red: 0, green: 0, blue: 0)
        #expect(throws: TerminalError.self) { try SixelEncoder().encode(image, quality: .dragging) }
    }
}
