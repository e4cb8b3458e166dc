import Foundation
import Pictures
import Steering

/// Times pictures that are made together, beside the same pictures one by one, in turn.
enum BatchBenchmark {
    private static let target = 1.5

    static func run(pack: URL, sample: URL) async throws {
        let engine = Engine()
        let summary = try await engine.open(pack)
        let analysis = try await engine.analyse(Picture(contentsOf: sample))
        let count = Engine.batchSize(width: analysis.picture.width, height: analysis.picture.height)
        let requests = (0..<count).map { place in
            var stack = EditStack()
            stack.append(.add, feature: 0, value: Float(place))
            return RenderRequest(.picture(analysis.id), stack: stack, sampling: Sampling(steps: summary.steps))
        }
        var (together, single): ([Double], [Double]) = ([], [])
        for run in 0..<4 {
            let batch = try await seconds { _ = try await engine.render(requests) }
            let oneByOne = try await seconds { for request in requests { _ = try await engine.render(request) } }
            // The first run prepares kernels and inverts the picture.
            guard run > 0 else { continue }
            together.append(batch)
            single.append(oneByOne)
        }
        let (batch, oneByOne) = (together.sorted()[1], single.sorted()[1])
        let gain = oneByOne / batch
        print(String(format: "\n%d pictures in %d steps together: %.2f s; one by one: %.2f s", count, summary.steps, batch, oneByOne))
        print(String(format: "  %.2f times the rate; target %.1f: ", gain, target) + (gain >= target ? "reached" : "not reached"))
    }

    private static func seconds(_ work: () async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        try await work()
        return (ContinuousClock.now - start) / .seconds(1)
    }
}
