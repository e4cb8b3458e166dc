import Foundation
import Testing

@testable import Scenes

@Suite("Masks") struct MaskTests {
    @Test("Every object can be seen, and none hides another", arguments: Scene.Subject.allCases) func objectsAreApart(
        _ subject: Scene.Subject
    ) {
        for combination in 0..<27 {
            for extreme in [-1.0, 1] {
                var scene = Scene(seed: 4, index: combination)
                scene.subject = subject
                scene[.count] = combination % 3
                scene[.size] = combination / 3 % 3
                scene[.position] = combination / 9
                scene.placement = ScenePlacement(right: extreme, down: extreme, isFlipped: extreme > 0)
                let masks = scene.masks(size: 48)
                #expect(masks.count == scene.count.number)
                #expect(masks.allSatisfy { $0.area > 16 })
                var owners = Array(repeating: 0, count: 48 * 48)
                for mask in masks {
                    for (index, isCovered) in mask.pixels.enumerated() where isCovered { owners[index] += 1 }
                }
                #expect(owners.allSatisfy { $0 <= 1 }, "\(scene)")
            }
        }
    }

    @Test("Nothing but the objects shows inside their masks", arguments: 0..<30) func masksAreCovered(_ index: Int) {
        var scene = Scene(seed: 31, index: index)
        let covered = union(of: scene.masks(size: 96))
        let before = scene.drawn(size: 96)
        for factor in [Factor.timeOfDay, .ground, .weather, .border] { scene[factor] += 1 }
        let after = scene.drawn(size: 96)
        #expect(pixels(before).elementsEqual(pixels(after)) == false)
        let visible = zip(zip(pixels(before), pixels(after)), covered).count { $1 && $0.0 != $0.1 }
        #expect(visible == 0)
    }

    @Test("An object's colour shows in its mask and, but for its rim, nowhere else", arguments: 0..<30)
    func colourStaysInside(_ index: Int) {
        var scene = Scene(seed: 32, index: index)
        let size = 96
        let covered = union(of: scene.masks(size: size))
        let before = scene.drawn(size: size)
        scene[.colour] += 4
        let changed = zip(pixels(before), pixels(scene.drawn(size: size))).map { $0 != $1 }
        let inside = zip(changed, covered).count { $0 && $1 }
        #expect(inside * 4 > covered.count { $0 })
        // The rim is 1 % of the side wide, and a pixelated object's pixel is one and a half pixels of this size.
        let near = grown(covered, size: size, by: 3)
        #expect(zip(changed, near).count { $0 && !$1 } == 0)
    }

    @Test(
        "Runs and pixels say the same",
        arguments: [[], [true], [false, false, true, true], [true, false, true, false, false, true, true, true, false]])
    func runsRoundTrip(_ covered: [Bool]) {
        let size = Int(Double(covered.count).squareRoot())
        let mask = RunLengthMask(size: size, covered: covered)
        #expect(mask.pixels == covered)
        #expect(mask.area == covered.count { $0 })
    }

    @Test("The first run counts uncovered pixels, even none") func firstRunIsUncovered() {
        #expect(RunLengthMask(size: 2, covered: [true, true, false, true]).counts == [0, 2, 1, 1])
        #expect(RunLengthMask(size: 2, covered: [false, false, false, false]).counts == [4])
    }

    @Test("A mask survives JSON") func masksAreCodable() throws {
        let mask = Scene(seed: 1, index: 1).masks(size: 16)[0]
        #expect(try JSONDecoder().decode(RunLengthMask.self, from: JSONEncoder().encode(mask)) == mask)
    }

    @Test(
        "A mask whose runs do not fill its picture is refused",
        arguments: [
            #"{"size":2,"counts":[1,2]}"#, #"{"size":2,"counts":[5,-1]}"#, #"{"size":-2,"counts":[4]}"#,
            #"{"size":4294967296,"counts":[0]}"#,
            #"{"size":2,"counts":[9223372036854775807,9223372036854775807,6]}"#, #"{"size":2}"#,
        ])
    func brokenMasksAreRefused(_ json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(RunLengthMask.self, from: Data(json.utf8)) }
    }

    private func pixels(_ bytes: [UInt8]) -> [SIMD3<UInt8>] {
        stride(from: 0, to: bytes.count, by: 3).map { SIMD3(bytes[$0], bytes[$0 + 1], bytes[$0 + 2]) }
    }

    private func union(of masks: [RunLengthMask]) -> [Bool] {
        masks.map(\.pixels).reduce(nil as [Bool]?) { sum, pixels in sum.map { zip($0, pixels).map { $0 || $1 } } ?? pixels } ?? []
    }

    private func grown(_ covered: [Bool], size: Int, by reach: Int) -> [Bool] {
        var result = covered
        for (index, isCovered) in covered.enumerated() where isCovered {
            for y in max(index / size - reach, 0)...min(index / size + reach, size - 1) {
                for x in max(index % size - reach, 0)...min(index % size + reach, size - 1) { result[y * size + x] = true }
            }
        }
        return result
    }
}
