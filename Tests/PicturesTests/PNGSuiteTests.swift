import Foundation
import Testing

@testable import Pictures

/// Willem van Schaik's test set for PNG readers, where it lies beside the package.
private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../shared/pictures/pngsuite").standardizedFileURL
private let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".png") }.sorted()

@Suite("PngSuite", .enabled(if: !files.isEmpty, "PngSuite is not beside the package.")) struct PNGSuiteTests {
    @Test("Every valid file is read as Pillow reads it", arguments: files.filter { !$0.hasPrefix("x") })
    func valid(_ name: String) throws {
        let expected = try #require(Fixtures.pngSuite[name])
        let difference = try #require(largestDifference(Picture(contentsOf: folder.appendingPathComponent(name)), expected))
        #expect(difference <= 1)
    }

    @Test("Every broken file is refused", arguments: files.filter { $0.hasPrefix("x") })
    func broken(_ name: String) {
        #expect(throws: PictureError.self) { try Picture(contentsOf: folder.appendingPathComponent(name)) }
    }
}
