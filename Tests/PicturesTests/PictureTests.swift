import Testing

@testable import Pictures

@Suite("Pictures in memory") struct PictureTests {
    @Test("A picture needs three samples a pixel") func sampleCount() {
        #expect(throws: PictureError.wrongSampleCount(width: 2, height: 2, count: 11)) {
            try Picture(width: 2, height: 2, pixels: [UInt8](repeating: 0, count: 11))
        }
    }

    @Test("A picture has at least one pixel") func noPixels() {
        #expect(throws: PictureError.badSize(width: 0, height: 3)) { try Picture(width: 0, height: 3, pixels: []) }
    }

    @Test("A crop holds the pixels of its rectangle") func crop() throws {
        let picture = try Picture(width: 3, height: 2, pixels: Array(0..<18))
        let crop = try picture.cropped(x: 1, y: 1, width: 2, height: 1)
        #expect(crop == (try Picture(width: 2, height: 1, pixels: [12, 13, 14, 15, 16, 17])))
    }

    @Test(
        "A crop outside the picture is refused",
        arguments: [(0, 0, 4, 1), (-1, 0, 1, 1), (2, 0, 2, 1), (0, 0, 0, 1), (0, 2, 1, 1), (.max, 0, 1, 1), (0, 0, 1, .max)])
    func cropOutside(_ x: Int, _ y: Int, _ width: Int, _ height: Int) throws {
        let picture = try Fixtures.noise(3, 2)
        #expect(
            throws: PictureError.cropOutside(x: x, y: y, width: width, height: height, pictureWidth: 3, pictureHeight: 2)
        ) {
            try picture.cropped(x: x, y: y, width: width, height: height)
        }
    }

    @Test("Every error is one sentence that names its picture") func errorSentences() {
        let errors: [PictureError] = [
            .unreadable(name: "a.png", reason: "there is no such file"), .unknownFormat(name: "a.png"),
            .damaged(name: "a.png", reason: "it ends too early"), .unsupported(name: "a.png", reason: "this is an animation"),
            .tooLarge(name: "a.png", width: 60_000, height: 60_000),
        ]
        for error in errors {
            #expect(error.description.hasPrefix("a.png: "))
            #expect(error.description.hasSuffix("."))
            #expect(!error.description.contains("\n"))
            #expect(error.localizedDescription == error.description)
        }
    }
}
