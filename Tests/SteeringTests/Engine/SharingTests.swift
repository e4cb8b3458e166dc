import Foundation
import Pictures
import Synchronization
import TestSupport
import Testing

@testable import Steering

extension TorchTests {
    @Suite("Calls that share an engine")
    struct SharingTests {
        private let folder: TemporaryFolder
        private let engine: Engine

        init() async throws {
            folder = try TemporaryFolder()
            engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(TextReference.pack(in: folder))
        }

        /// Renders of every kind, two of which begin with the same picture.
        private func requests(_ first: AnalysisID, _ second: AnalysisID, steps: Int = 4) -> [RenderRequest] {
            var stack = EditStack()
            stack.set(feature: 3, to: 9)
            let size = RenderRequest.Size.pixels(width: 32, height: 24)
            return [
                RenderRequest(.picture(first), sampling: Sampling(steps: steps)),
                RenderRequest(.picture(first), stack: stack, sampling: Sampling(steps: steps + 2)),
                RenderRequest(.picture(first), stack: stack, sampling: Sampling(steps: steps, guidance: 3)),
                RenderRequest(.picture(first), stack: stack, sampling: Sampling(steps: steps, inversion: .plain)),
                RenderRequest(.picture(second), stack: stack, sampling: Sampling(steps: steps)),
                RenderRequest(.picture(second), sampling: Sampling(steps: steps, start: .noise(seed: 5))),
                RenderRequest(
                    .prompt(Prompt("a red circle", seed: 1, steps: steps)), sampling: Sampling(steps: steps, start: .noise(seed: 1)),
                    size: size),
                RenderRequest(
                    .prompt(Prompt("a red circle", negative: "blue", seed: 2, steps: steps)), stack: stack,
                    sampling: Sampling(steps: steps, guidance: 2, start: .noise(seed: 2)), size: size),
            ]
        }

        private func pictures() throws -> [Picture] { try [ReferencePack.square.picture, ReferencePack.square.picture.mirrored()] }

        /// Which call has computed a step, in order; told on the engine's thread.
        private final class Steps: Sendable {
            private let order = Mutex<[Int]>([])

            func note(_ call: Int, _ progress: WorkProgress) {
                // What is told before anything is computed is no step.
                if progress.stage != .loading && progress.step > 0 { order.withLock { $0.append(call) } }
            }

            var all: [Int] { order.withLock(\.self) }
        }

        /// What several tasks share.
        private final class Shared<Value: Sendable>: Sendable {
            private let content: Mutex<Value>

            init(_ value: Value) { content = Mutex(value) }

            var value: Value { content.withLock { $0 } }

            @discardableResult
            func exchange(_ value: Value) -> Value {
                content.withLock { content in
                    defer { content = value }
                    return content
                }
            }
        }

        @Test("Pictures that are made in turn are those that are made alone") func equal() async throws {
            var alone: [Picture] = []
            for place in 0..<8 {
                let ids = try await [engine.analyse(pictures()[0]).id, engine.analyse(pictures()[1]).id]
                alone.append(try await engine.render(requests(ids[0], ids[1])[place]))
            }
            let ids = try await [engine.analyse(pictures()[0]).id, engine.analyse(pictures()[1]).id]
            let together = try await withThrowingTaskGroup(of: (Int, Picture).self) { group in
                for (place, request) in requests(ids[0], ids[1]).enumerated() {
                    group.addTask { [engine] in
                        (place, try await engine.render(request, sharing: place == 3 ? .background : .inTurn))
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for (place, picture) in alone.enumerated() { #expect(together[place] == picture, "render \(place)") }
        }

        @Test("While eight pictures are being made, each has a step in turn, and a ninth begins after at most one step of another")
        func ninth() async throws {
            let ids = try await [engine.analyse(pictures()[0]).id, engine.analyse(pictures()[1]).id]
            let requests = requests(ids[0], ids[1], steps: 30)
            let steps = Steps()
            let asked = Shared<(place: Int, task: Task<Picture, any Error>)?>(nil)
            let engine = engine
            /// Asks for the ninth on the engine's thread, in the middle of a step of another, once all eight are under way.
            @Sendable func askForNinth() {
                let sofar = steps.all
                guard Set(sofar).count == 8, sofar.count >= 40, asked.value == nil else { return }
                let before = engine.waitingCount
                let task = Task {
                    try await engine.render(requests[4], sharing: .inTurn) { steps.note(8, $0) }
                }
                while engine.waitingCount == before { usleep(100) }
                asked.exchange((steps.all.count, task))
            }
            try await withThrowingTaskGroup(of: Picture.self) { group in
                for (place, request) in requests.enumerated() {
                    group.addTask {
                        try await engine.render(request, sharing: .inTurn) { progress in
                            steps.note(place, progress)
                            askForNinth()
                        }
                    }
                }
                try await group.waitForAll()
            }
            let ninth = try #require(asked.value)
            _ = try await ninth.task.value
            let all = steps.all
            let begin = try #require(all.firstIndex(of: 8))
            #expect(begin - ninth.place <= 1, "\(all[ninth.place...begin])")
            // From when all are under way until the first has ended, nobody has two steps before another has had one.
            let end = try #require((0...8).compactMap { all.lastIndex(of: $0) }.min())
            let shared = all[begin...end]
            for call in 0...8 {
                for (one, next) in zip(shared.indices(where: call), shared.indices(where: call).dropFirst()) {
                    let between = all[(one + 1)..<next]
                    #expect(Set(between).count == between.count && between.count == 8, "\(between)")
                }
            }
        }

        /// Begins a render in the background; in the middle of its first step it waits for another call.
        private func renderBehind(_ request: RenderRequest, _ steps: Steps) async -> Task<Picture, any Error> {
            let begun = Shared<CheckedContinuation<Void, Never>?>(nil)
            var task: Task<Picture, any Error>?
            await withCheckedContinuation { continuation in
                begun.exchange(continuation)
                task = Task { [engine] in
                    try await engine.render(request, sharing: .background) { progress in
                        steps.note(0, progress)
                        let first = begun.exchange(nil)
                        first?.resume()
                        while first != nil && engine.waitingCount == 0 { usleep(100) }
                    }
                }
            }
            return task ?? Task { throw CancellationError() }
        }

        @Test("A call in the background goes on when nobody else computes") func background() async throws {
            let ids = try await [engine.analyse(pictures()[0]).id, engine.analyse(pictures()[1]).id]
            let requests = requests(ids[0], ids[1], steps: 40)
            let steps = Steps()
            let behind = await renderBehind(requests[5], steps)
            _ = try await engine.render(requests[4], sharing: .inTurn) { steps.note(1, $0) }
            let order = steps.all
            let last = try #require(order.lastIndex(of: 1))
            #expect(order[..<last].count(where: { $0 == 0 }) == 1)
            _ = try await behind.value
            #expect(steps.all.count(where: { $0 == 0 }) == 40)
        }

        @Test("A call in the background that is cancelled does not wait until nobody else computes") func cancelled() async throws {
            let ids = try await [engine.analyse(pictures()[0]).id, engine.analyse(pictures()[1]).id]
            let requests = requests(ids[0], ids[1], steps: 40)
            let behind = await renderBehind(requests[5], Steps())
            let steps = Steps()
            let hasEnded = Shared(false)
            _ = try await engine.render(requests[4], sharing: .inTurn) { progress in
                steps.note(1, progress)
                if steps.all.count == 1 {
                    behind.cancel()
                    Task {
                        await #expect(throws: CancellationError.self) { try await behind.value }
                        hasEnded.exchange(true)
                    }
                }
                // It has had the engine's thread by now, if it is ever to have it before this call ends.
                let end = ContinuousClock.now + .seconds(60)
                while steps.all.count == 10 && !hasEnded.value && ContinuousClock.now < end { usleep(100) }
                if steps.all.count == 10 { #expect(hasEnded.value) }
            }
            #expect(steps.all.count > 10)
        }

        @Test("Numbers that are made for a front end, and directions, are made in turn as well") func others() async throws {
            let steps = Steps()
            let id = try await engine.analyse(pictures()[0]).id
            let request = requests(id, id, steps: 30)[5]
            let picture = try pictures()[1]
            let alone = try await engine.preprocess(picture, features: 1, icons: true, invertSteps: 6)
            let direction = try await engine.direction(Direction.Definition(to: "a red circle", count: 80, seed: 1), named: "red")
            async let rendered = engine.render(request, sharing: .inTurn) { steps.note(0, $0) }
            async let again = engine.preprocess(picture, features: 1, icons: true, invertSteps: 6, sharing: .inTurn) { steps.note(1, $0) }
            async let moved = engine.direction(Direction.Definition(to: "a red circle", count: 80, seed: 1), named: "red", sharing: .inTurn)
            {
                steps.note(2, $0)
            }
            _ = try await rendered
            #expect(try await again.latents == alone.latents)
            #expect(try await again.features.map(\.icon) == alone.features.map(\.icon))
            #expect(try await moved == direction)
            let order = steps.all
            let (first, last) = (try #require(order.firstIndex(of: 0)), try #require(order.lastIndex(of: 0)))
            for other in 1...2 { #expect(order[first..<last].contains(other), "\(order)") }
        }
    }
}

extension ArraySlice<Int> {
    /// Where a call stands.
    fileprivate func indices(where call: Int) -> [Int] { indices.filter { self[$0] == call } }
}

extension Picture {
    /// Another picture of the same size.
    fileprivate func mirrored() throws -> Picture {
        var mirrored: [UInt8] = []
        for y in 0..<height {
            for x in (0..<width).reversed() {
                let place = (y * width + x) * 3
                mirrored += pixels[place..<place + 3]
            }
        }
        return try Picture(width: width, height: height, pixels: mirrored)
    }
}
