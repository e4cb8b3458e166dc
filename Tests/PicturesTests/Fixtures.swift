import Foundation
import Testing

@testable import Pictures

/// Files made by Tests/Reference/make_picture_fixtures.py (Pillow 13.0.0).
enum Fixtures {
    /// The files of every kind that are readable, each with the pixels that Pillow sees.
    static let files = pixels("files")
    /// Larger files, each with what Pillow sees at 1/4 of its size.
    static let reduced = pixels("reduced")
    /// `noise(61, 47)` at other sizes, named "WIDTHxHEIGHT FILTER".
    static let resized = pixels("resized")
    /// What Pillow sees in the valid files of PngSuite.
    static let pngSuite = pixels("pngsuite")

    static func url(_ name: String) throws -> URL {
        try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil))
    }

    static func data(_ name: String) throws -> Data {
        try Data(contentsOf: url(name))
    }

    /// The pictures of a `.pixels` file, or none when it is not one: every test that reads them counts them.
    private static func pixels(_ name: String) -> [String: Picture] {
        guard let packed = try? data("\(name).pixels") else { return [:] }
        var unpacked = [UInt8](repeating: 0, count: 4 << 20)
        guard let count = try? unpacked.withUnsafeMutableBufferPointer({ try Inflater([UInt8](packed)).read(into: $0) }) else { return [:] }
        var reader = ByteReader(unpacked.prefix(count))
        var pictures: [String: Picture] = [:]
        while let key = reader.integer(UInt8.self).flatMap({ reader.bytes(Int($0)) }),
            let width = reader.integer(UInt16.self), let height = reader.integer(UInt16.self),
            let samples = reader.bytes(Int(width) * Int(height) * 3)
        {
            pictures[String(decoding: key, as: UTF8.self)] = try? Picture(width: Int(width), height: Int(height), pixels: Array(samples))
        }
        return pictures
    }

    /// A picture of hard edges and noise, the same that the script draws.
    static func noise(_ width: Int, _ height: Int) throws -> Picture {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    let number = UInt64(x * 7919 + y * 104_729 + channel * 31_337)
                    let isWhite = (x / 8 + y / 8) % 3 == 0
                    pixels.append(isWhite ? 255 : UInt8(truncatingIfNeeded: (number * 2_654_435_761) >> 24))
                }
            }
        }
        return try Picture(width: width, height: height, pixels: pixels)
    }
}

/// The largest difference between two pictures' samples, or nil when their sizes differ.
func largestDifference(_ a: Picture, _ b: Picture) -> Int? {
    guard a.width == b.width, a.height == b.height else { return nil }
    return zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }.max()
}

/// The mean difference between two pictures' samples, or nil when their sizes differ.
func meanDifference(_ a: Picture, _ b: Picture) -> Double? {
    guard a.width == b.width, a.height == b.height else { return nil }
    return Double(zip(a.pixels, b.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(a.pixels.count)
}
