import Pictures
import Steering
import Testing

extension TorchTests {
    @Suite("Several pictures at once")
    struct BatchTests {
        private let pack = ReferencePack.square

        /// Whether both show the same, but for what the order of additions rounds differently.
        private func areAlike(_ first: Picture, _ second: Picture) -> Bool {
            first.width == second.width && first.height == second.height
                && zip(first.pixels, second.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 }
        }

        @Test(
            "A picture of a batch is as it would be alone",
            arguments: [
                Sampling(steps: 3), Sampling(steps: 3, guidance: 3), Sampling(steps: 3, inversion: .plain),
                Sampling(steps: 3, guidance: 3, start: .noise(seed: 7)),
            ]) func alone(sampling: Sampling) async throws
        {
            let engine = try await pack.engine()
            let (first, second) = (try await engine.analyse(pack.picture), try await engine.analyse(pack.picture.flipped))
            let requests = [(first.id, 0), (second.id, 5), (first.id, 9)].map { id, amount in
                RenderRequest(.picture(id), stack: EditStack([Change(feature: 3, amount: amount)]), sampling: sampling)
            }
            let together = try await engine.render(requests)
            #expect(together.count == 3 && !areAlike(together[0], together[1]) && !areAlike(together[0], together[2]))
            for (picture, request) in zip(together, requests) { #expect(areAlike(picture, try await engine.render(request))) }
        }

        @Test("A batch of one is the picture itself, and of none nothing") func smallest() async throws {
            let engine = try await pack.engine()
            let analysis = try await engine.analyse(pack.picture)
            let request = RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 2))
            #expect(try await engine.render([request]) == [engine.render(request)])
            #expect(try await engine.render([]).isEmpty)
        }

        @Test("What cannot be made together is refused") func mixed() async throws {
            let engine = try await pack.engine()
            let picture = try pack.picture
            let (whole, half) = (
                try await engine.analyse(picture),
                try await engine.analyse(picture.resized(width: picture.width * 2, height: picture.height))
            )
            func request(_ analysis: AnalysisSummary, steps: Int) -> RenderRequest {
                RenderRequest(.picture(analysis.id), sampling: Sampling(steps: steps))
            }
            for requests in [[request(whole, steps: 1), request(half, steps: 1)], [request(whole, steps: 1), request(whole, steps: 2)]] {
                #expect(try await refusal { try await engine.render(requests) }.contains("of one size"))
            }
        }

        @Test("Small pictures are made eight at a time, large ones one by one") func size() {
            #expect(Engine.batchSize(width: 128, height: 128) == 8)
            #expect(Engine.batchSize(width: 512, height: 512) == 2)
            #expect(Engine.batchSize(width: 1024, height: 1024) == 1)
        }
    }
}

extension Picture {
    /// Upside down.
    fileprivate var flipped: Picture {
        get throws {
            let row = width * 3
            let rows = (0..<height).reversed().map { pixels[$0 * row..<($0 + 1) * row] }
            return try Picture(width: width, height: height, pixels: rows.flatMap { $0 })
        }
    }
}
