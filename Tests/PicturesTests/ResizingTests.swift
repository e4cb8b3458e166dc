import Testing

@testable import Pictures

@Suite("Resizing") struct ResizingTests {
    @Test("Every size and filter equals Pillow's resize", arguments: Fixtures.resized.keys.sorted())
    func equalsPillow(_ name: String) throws {
        let expected = try #require(Fixtures.resized[name])
        let filter = try #require(name.split(separator: " ").last.flatMap { ResamplingFilter(rawValue: String($0)) })
        let resized = try Fixtures.noise(61, 47).resized(width: expected.width, height: expected.height, filter: filter)
        #expect(largestDifference(resized, expected) == 0)
    }

    @Test("There are fixtures for eight sizes and three filters") func fixturesAreThere() {
        #expect(Fixtures.resized.count == 24)
    }

    @Test("A picture at its own size stays as it is") func sameSize() throws {
        let picture = try Fixtures.noise(13, 9)
        #expect(try picture.resized(width: 13, height: 9) == picture)
    }

    @Test("One colour stays that colour, whatever the size", arguments: ResamplingFilter.allCases)
    func flatColor(_ filter: ResamplingFilter) throws {
        let picture = try Picture(width: 3, height: 2, pixels: Array(repeating: [255, 0, 77], count: 6).flatMap { $0 })
        let resized = try picture.resized(width: 41, height: 19, filter: filter)
        #expect(resized.pixels == Array(repeating: [255, 0, 77], count: 41 * 19).flatMap { $0 })
    }

    @Test("Sizes that no picture can have are refused", arguments: [(0, 5), (5, -1), (40_000, 1), (20_000, 20_000), (.max, .max)])
    func badSizes(_ width: Int, _ height: Int) throws {
        let picture = try Fixtures.noise(4, 4)
        #expect(throws: PictureError.badSize(width: width, height: height)) { try picture.resized(width: width, height: height) }
    }
}
