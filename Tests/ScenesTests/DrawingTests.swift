import Files
import Testing

@testable import Scenes

@Suite("Drawing") struct DrawingTests {
    /// The checksums are those of an optimised build; any build on any machine must draw the same bytes.
    @Test(
        "A scene's bytes are the same on every machine",
        arguments: [
            (0, 128, 0xBD66_90F7), (1, 128, 0x5F48_23CA), (2, 128, 0xB1D7_A290), (3, 128, 0x3B93_7F3D),
            (4, 64, 0x62D9_2D80), (5, 96, 0x5DA5_369B), (6, 130, 0x3421_3B86), (7, 256, 0x697D_54EC),
        ])
    func bytesArePinned(index: Int, size: Int, checksum: UInt32) {
        #expect(Checksum.crc32(Scene(seed: 1, index: index).drawn(size: size)) == checksum)
    }

    @Test("A picture has the size asked for", arguments: [1, 7, 64, 96, 130, 256]) func sizes(_ size: Int) {
        for style in [Scene.Style.plain, .pixelated] {
            var scene = Scene(seed: 5, index: 1)
            scene.style = style
            #expect(scene.drawn(size: size).count == size * size * 3)
        }
    }

    @Test("No picture is drawn for a size of zero or less", arguments: [0, -1, Int.min]) func noSize(_ size: Int) {
        var scene = Scene(seed: 5, index: 2)
        scene.style = .pixelated
        #expect(scene.drawn(size: size).isEmpty)
        #expect(scene.masks(size: size).allSatisfy { $0.area == 0 })
    }

    @Test("A larger picture shows the same scene") func sizesAgree() {
        let scene = Scene(seed: 5, index: 4)
        let small = scene.drawn(size: 64)
        let large = scene.drawn(size: 128)
        var error = 0
        for y in 0..<64 {
            for x in 0..<(64 * 3) {
                let corner = (2 * y * 128 + 2 * (x / 3)) * 3 + x % 3
                let mean = (Int(large[corner]) + Int(large[corner + 3]) + Int(large[corner + 384]) + Int(large[corner + 387])) / 4
                error += abs(mean - Int(small[y * 192 + x]))
            }
        }
        #expect(error / small.count < 3)
    }

    @Test("Changing one factor changes the picture", arguments: Factor.allCases) func everyFactorShows(_ factor: Factor) {
        for index in 0..<2 {
            var scene = Scene(seed: 21, index: index)
            var pictures: [[UInt8]] = []
            for value in factor.values.indices {
                scene[factor] = value
                pictures.append(scene.drawn(size: 48))
            }
            for (place, picture) in pictures.enumerated() {
                for other in pictures[..<place] {
                    let changed = zip(picture, other).count { abs(Int($0) - Int($1)) > 16 }
                    #expect(changed > 60, "\(factor) in scene \(index)")
                }
            }
        }
    }

    @Test("Placement changes the picture") func placementShows() {
        let original = Scene(seed: 21, index: 2)
        var moved = original
        moved.placement.right += 1
        #expect(moved.drawn(size: 64) != original.drawn(size: 64))
    }

    @Test("A placement far outside its range draws without trapping", arguments: [Double.infinity, -.infinity, .nan, 1e300, -5])
    func strangePlacements(_ value: Double) {
        var scene = Scene(seed: 21, index: 3)
        scene.placement = ScenePlacement(right: value, down: value, isFlipped: true)
        #expect(scene.drawn(size: 32).count == 32 * 32 * 3)
        #expect(scene.masks(size: 32).count == scene.count.number)
    }

    @Test("Any combination can be drawn") func combinationsAreDrawable() {
        for index in 0..<2_000 {
            #expect(Scene(seed: 77, index: index).drawn(size: 8).count == 192)
        }
    }
}
