import Testing

@testable import Steering

@Suite("The size at which the model works")
struct WorkingSizeTests {
    @Test("A picture that fits stays as it is", arguments: [(512, 512), (768, 512), (64, 1024)]) func fitting(width: Int, height: Int) {
        let size = WorkingSize(width: width, height: height, downscaling: 8, limit: 1 << 20)
        #expect(size.width == width && size.height == height)
    }

    @Test("Sides become the nearest multiples of f²", arguments: [(107, 75, 108, 76), (109, 77, 108, 76), (1, 1, 4, 4)])
    func rounding(width: Int, height: Int, expectedWidth: Int, expectedHeight: Int) {
        let size = WorkingSize(width: width, height: height, downscaling: 2, limit: 1 << 20)
        #expect(size.width == expectedWidth && size.height == expectedHeight)
    }

    @Test(
        "A larger picture shrinks to about the limit and keeps its form",
        arguments: [(4000, 3000), (3000, 4000), (1920, 1080), (8000, 8000)])
    func shrinking(width: Int, height: Int) {
        let size = WorkingSize(width: width, height: height, downscaling: 8, limit: 512 * 512)
        #expect(size.width % 64 == 0 && size.height % 64 == 0)
        let area = Double(size.width * size.height)
        #expect(area > 0.8 * 512 * 512 && area < 1.2 * 512 * 512)
        let form = Double(size.width) / Double(size.height) / (Double(width) / Double(height))
        #expect(form > 0.8 && form < 1.25)
    }

    @Test("The longest and thinnest pictures keep sides of at least one unit", arguments: [(32_768, 1), (1, 32_768)])
    func extremes(width: Int, height: Int) {
        let size = WorkingSize(width: width, height: height, downscaling: 8, limit: 512 * 512)
        #expect(min(size.width, size.height) == 64)
    }
}
