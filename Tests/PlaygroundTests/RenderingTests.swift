import Pictures
import Steering
import Terminal
import Testing

@testable import Playground

@Suite("When the picture is rendered") struct RenderingTests {
    @Test("The pack is opened first, then the picture is analysed, then it is rendered with all steps") func begin() throws {
        var session = ScriptedSession(display: Display(size: GridSize(columns: 80, rows: 24)))
        #expect(session.asked == [.open(PackChoice(Options.example.pack))])
        session.answer(.opened(.example))
        #expect(session.asked == [.analyse(.file(Options.example.picture))])
        session.answer(.analysed(try .example(), .example))
        #expect(session.requests == [RenderRequest(.picture(AnalysisID(1)), sampling: Sampling(steps: 20))])
    }

    @Test("A movement asks for a preview at once, and for all steps after a rest") func previewThenFull() throws {
        var session = try ScriptedSession.atRest()
        session.play("=15 enter")
        let stack = session.state.stack
        #expect(session.requests == [RenderRequest(.picture(AnalysisID(1)), stack: stack, sampling: Sampling(steps: 4))])
        #expect(session.state.renders.running?.key.changes == [Change(feature: 17, amount: 3)])
        #expect(session.effects.contains(.startTimer(.rest, seconds: 0.15)))
        session.finishRender(with: try .plain(1, 1, 1))
        #expect(session.requests.isEmpty)
        session.send(.timer(.rest))
        #expect(session.requests.map(\.sampling.steps) == [20])
    }

    @Test("A pack of few steps is rendered at once with all of them") func fewSteps() throws {
        var session = ScriptedSession(display: Display(size: GridSize(columns: 80, rows: 24)))
        var pack = PackSummary.example
        pack.steps = 3
        session.answer(.opened(pack), .analysed(try .example(), .example))
        session.finishRender(with: try .plain(1, 1, 1))
        session.play("right")
        #expect(session.requests.map(\.sampling.steps) == [3])
        session.finishRender(with: try .plain(2, 2, 2))
        #expect(session.state.renders.shown?.isFinished == true)
    }

    @Test("A rest before the preview is done waits for it") func restDuringPreview() throws {
        var session = try ScriptedSession.atRest()
        session.play("right")
        session.send(.timer(.rest))
        #expect(session.requests.isEmpty)
        session.finishRender(with: try .plain(1, 1, 1))
        #expect(session.requests.map(\.sampling.steps) == [20])
    }

    @Test("A movement cancels the render in flight: the newest wins") func newestWins() throws {
        var session = try ScriptedSession.atRest()
        session.play("right")
        let stale = try #require(session.pendingID("render"))
        session.play("right")
        #expect(session.cancelled == ["render"])
        #expect(session.requests.count == 1)
        session.answer(stale, .rendered(try .plain(9, 9, 9), seconds: 1))
        #expect(session.state.renders.shown?.picture == (try .plain(42, 82, 122)))
        #expect(session.state.renders.running != nil)
    }

    @Test(
        "A preview is shown as it grows where the last one took longer than an answer may",
        arguments: [(0.1, false), (0.2, true), (2, true)])
    func growingPreviews(seconds: Double, grows: Bool) throws {
        var session = try ScriptedSession.atRest()
        session.play("right")
        session.finishRender(with: try .plain(1, 1, 1), seconds: seconds)
        session.send(.timer(.rest))
        session.finishRender(with: try .plain(2, 2, 2))
        session.play("right")
        #expect(session.growingRequests.map(\.sampling.steps) == (grows ? [4] : []))
    }

    @Test("A full render is cancelled by a movement, whatever previews take") func cancelsFull() throws {
        var session = try ScriptedSession.atRest()
        session.play("right")
        session.finishRender(with: try .plain(1, 1, 1), seconds: 0.1)
        session.send(.timer(.rest))
        session.play("right")
        #expect(session.cancelled == ["render"])
        #expect(session.requests.map(\.sampling.steps) == [4])
    }

    @Test("A quick preview may finish while the slider moves on, and the newest follows it") func quickPreview() throws {
        var session = try ScriptedSession.atRest()
        session.play("right")
        session.finishRender(with: try .plain(1, 1, 1), seconds: 0.1)
        session.play("right right right right")
        #expect(session.requests.count == 1)
        #expect(session.cancelled.isEmpty)
        session.finishRender(with: try .plain(2, 2, 2), seconds: 0.1)
        #expect(session.state.renders.shown?.picture == (try .plain(2, 2, 2)))
        #expect(session.requests == [try #require(session.state.request(.preview))])
    }

    @Test("A movement lets an inversion finish, which every render needs, but not the render after it") func inversion() throws {
        var session = try ScriptedSession.atRest()
        session.play("]")
        session.answer(.analysed(try .example(), .example))
        session.play("right")
        let id = try #require(session.pendingID("render"))
        session.progress(id, WorkProgress(.inverting, step: 7, count: 40))
        #expect(session.screen.contains("inverting the picture, step 7/40"))
        session.play("right")
        #expect(session.cancelled.isEmpty && session.requests.isEmpty)
        session.progress(id, WorkProgress(.rendering, step: 1, count: 4))
        #expect(session.cancelled == ["render"])
        #expect(session.requests == [try #require(session.state.request(.preview))])
    }

    @Test("Networks that are loaded on the way to a picture are told in megabytes") func loadingOnTheWay() throws {
        var session = try ScriptedSession.atRest()
        session.play("right")
        let id = try #require(session.pendingID("render"))
        session.progress(id, WorkProgress(.loading, step: 512, count: 2508))
        #expect(session.screen.contains("loading networks, 512 of 2508 MB"))
    }

    @Test("Events of an earlier render are ignored") func staleEvents() throws {
        var session = try ScriptedSession.atRest()
        session.play("right")
        let stale = try #require(session.pendingID("render"))
        session.play("right")
        let before = session.state
        session.progress(stale, WorkProgress(.rendering, step: 3, count: 4, preview: try .plain(9, 9, 9)))
        session.fail(stale, "The step failed.")
        session.answer(stale, .rendered(try .plain(9, 9, 9), seconds: 1))
        #expect(session.state == before)
    }

    @Test("Undo, redo and a slider brought back show pictures made before, and render nothing") func cached() throws {
        var session = try ScriptedSession.atRest()
        session.play("=15 enter")
        session.finishRender(with: try .plain(1, 1, 1))
        session.send(.timer(.rest))
        session.finishRender(with: try .plain(2, 2, 2))
        for (keys, color) in [("u", UInt8(42)), ("U", 2), ("=12 enter", 42), ("=15 enter", 2), ("R", 42)] {
            session.play(keys)
            #expect(session.requests.isEmpty, "\(keys)")
            #expect(session.state.renders.shown?.picture.pixels.first == color, "\(keys)")
            #expect(session.state.renders.shown?.isFinished == true, "\(keys)")
        }
    }

    @Test("The predicted picture is shown while steps go on, as a draft") func predictedPicture() throws {
        var session = try ScriptedSession.atRest()
        session.play("right")
        let id = try #require(session.pendingID("render"))
        session.progress(id, WorkProgress(.rendering, step: 1, count: 4, preview: try .plain(5, 5, 5)))
        #expect(view(session.state).pictures.last?.picture == (try .plain(5, 5, 5)))
        #expect(view(session.state).pictures.last?.isDraft == true)
    }

    @Test("A movement alone does not draw the picture anew") func samePicture() throws {
        var session = try ScriptedSession.atRest()
        let before = view(session.state).pictures
        session.play("right")
        #expect(view(session.state).pictures == before)
        #expect(session.screen.contains("after · draft"))
    }

    @Test("An error of the engine is told in the status line, and the next movement tries again") func engineError() throws {
        var session = try ScriptedSession.atRest()
        session.play("right")
        let id = try #require(session.pendingID("render"))
        session.fail(id, "The device is out of memory.")
        #expect(session.screen.contains("The device is out of memory."))
        session.play("right")
        #expect(session.requests.count == 1)
        #expect(!session.screen.contains("The device is out of memory."))
    }

    @Test("The least recently used pictures make room for new ones") func cacheIsBounded() throws {
        let picture = try Picture.plain(1, 2, 3)
        var cache = RenderCache(capacity: 3 * picture.pixels.count)
        func key(_ number: Int) -> RenderRequest.Key {
            RenderRequest(.picture(AnalysisID(number)), sampling: Sampling()).key { _ in 0 }
        }
        for number in 1...3 { cache.insert(picture, for: key(number)) }
        #expect(cache.picture(for: key(1)) == picture)
        cache.insert(picture, for: key(4))
        #expect((1...4).map { cache.contains(key($0)) } == [true, false, true, true])
    }

    @Test("What the engine says of its numbers stands in the status line for a while, and the session goes on") func remark() throws {
        var session = try ScriptedSession.atRest()
        let sentence = "decoder/movq computes in float32: its numbers are too large for float16."
        session.send(.remarked(sentence))
        #expect(session.screen.contains(sentence))
        session.send(.timer(.notice))
        #expect(!session.screen.contains("computes in"))
    }
}
