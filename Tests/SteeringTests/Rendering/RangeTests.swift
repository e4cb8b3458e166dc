import Foundation
import Testing

@testable import Steering

@Suite("Ranges of settings and edits")
struct RangeTests {
    @Test("What a range allows, the nearest value that it does, and why not") func limits() {
        #expect(Ranges.steps.contains(1) && Ranges.steps.contains(1000) && !Ranges.steps.contains(0) && !Ranges.steps.contains(1001))
        #expect(Ranges.guidance.contains(20) && !Ranges.guidance.contains(20.5) && !Ranges.guidance.contains(.nan))
        #expect(Ranges.strength.clamped(3) == 2 && Ranges.strength.clamped(-1) == 0 && Ranges.strength.clamped(1) == 1)
        #expect(Ranges.steps.refusal(of: 0) == "The number of steps must lie between 1 and 1000, not 0.")
        #expect(Ranges.guidance.refusal(of: 1) == nil)
        #expect(Ranges.value.text == "between -1000000 and 1000000")
        #expect(throws: SteeringError.outOfRange("The strength of sky must lie between 0 and 2, not inf.")) {
            try Ranges.strength.require(.infinity, as: "The strength of sky")
        }
    }

    @Test("A feature's slider ends at three times its maximum, or the picture's activation where that is not known") func slider() {
        #expect(Ranges.slider(maximum: 12, activation: 40) == 0...36)
        #expect(Ranges.slider(maximum: nil, activation: 4) == 0...12 && Ranges.slider(maximum: 0, activation: 4) == 0...12)
        #expect(Ranges.slider(maximum: nil, activation: 0) == 0...3)
    }

    @Test(
        "A request and a recipe refuse the same numbers",
        arguments: [
            (Sampling(steps: 0), 1, 1), (Sampling(steps: 1001), 1, 1), (Sampling(guidance: -0.1), 1, 1), (Sampling(guidance: 20.1), 1, 1),
            (Sampling(), 2e6, 1), (Sampling(), 1, 2.5), (Sampling(), 1, -0.5),
        ] as [(Sampling, Float, Float)])
    func alike(sampling: Sampling, value: Float, strength: Float) async throws {
        var stack = EditStack()
        stack.append(feature: 3, value: value, strength: strength)
        let request = RenderRequest(.picture(AnalysisID(0)), stack: stack, sampling: sampling)
        let refused = try await refusal { try request.requireRanges() }
        let reference = Recipe.PictureReference(path: "a.png", content: Data())
        let recipe = Recipe(pack: .init(name: "demo", fingerprint: "ab12"), picture: reference, sampling: sampling, stack: stack)
        let unread = try await refusal { try Recipe(data: recipe.data(), name: "r.json") }
        #expect(unread.hasSuffix(refused.dropFirst()) && refused.contains("must lie between"))
    }

    @Test("Pictures of no size are refused") func sizes() async throws {
        let request = RenderRequest(.picture(AnalysisID(0)), sampling: Sampling(), size: .pixels(width: 64, height: 0))
        #expect(try await refusal { try request.requireRanges() } == "A side of the picture must lie between 8 and 8192, not 0.")
    }

    @Test("Requests with equal pictures have equal keys, whatever the way to their edits") func keys() {
        func key(_ stack: EditStack, _ sampling: Sampling = Sampling()) -> RenderRequest.Key {
            RenderRequest(.picture(AnalysisID(1)), stack: stack, sampling: sampling).key { _ in 2 }
        }
        var (once, twice, back) = (EditStack(), EditStack(), EditStack())
        once.set(feature: 3, to: 5)
        twice.append(.add, feature: 3, value: 1)
        twice.append(.add, feature: 3, value: 2)
        back.set(feature: 3, to: 2)
        #expect(key(once) == key(twice) && once != twice)
        #expect(key(back) == key(EditStack()) && key(once) != key(back))
        #expect(key(once) != key(once, Sampling(steps: 5)))
    }
}
