import Steering
import Terminal
import Testing

@testable import Playground

@Suite("The library browser") struct BrowsingTests {
    private func opened(count: Int = 163_840) throws -> ScriptedSession {
        var session = try ScriptedSession.atRest()
        session.play("B")
        session.answerQueries(count: count)
        return session
    }

    private func browser(_ session: ScriptedSession) throws -> Browser {
        try #require(session.state.overlays.top as? Browser)
    }

    @Test("It lists the library, in a window over the whole screen") func opens() throws {
        let session = try opened()
        #expect(session.screen == (try Golden.screen("browser", recording: session.screen)))
        #expect(view(session.state).pictures.isEmpty)
    }

    @Test("Only pages that are to be seen are asked for, once, and few are kept") func pages() throws {
        var session = try ScriptedSession.atRest()
        session.play("B")
        #expect(session.queries == [FeatureQuery(page: 0)])
        session.answerQueries()
        session.play("down down down")
        #expect(session.queries.isEmpty)
        session.play("end")
        #expect(session.queries == [FeatureQuery(page: 1638)])
        session.answerQueries()
        #expect(session.screen.contains("163839"))
        session.play("home")
        for _ in 0..<200 {
            session.play("pgdn")
            session.answerQueries()
        }
        #expect(try browser(session).selection.row == 200 * session.state.layout.browserCapacity)
        session.play("home")
        #expect(session.queries == [FeatureQuery(page: 0)])
    }

    @Test("Typing searches at once, and answers to what was typed before are ignored") func searches() throws {
        var session = try opened()
        session.play("down down thin")
        let earlier = try #require(session.pendingID("list"))
        session.play("g")
        let last = try #require(session.queries.last)
        #expect(last == FeatureQuery(text: "thing"))
        session.answer(earlier, .listed(FeatureQuery(text: "thin"), FeaturePage(features: [], count: 0)))
        #expect(try browser(session).count == 163_840)
        #expect(try browser(session).selected == nil)
        session.answer(.listed(last, .example(last)))
        #expect(try browser(session).count == 16_384)
        #expect(try browser(session).selected?.index == 0)
        session.play("space 5 5 5 5")
        session.answerQueries()
        #expect(session.screen.contains("thing 5555"))
        session.play("x")
        session.answerQueries()
        #expect(session.screen.contains("No matching feature."))
        session.play("enter esc")
        #expect(session.state.stack.isEmpty)
    }

    @Test("Tab goes through the orders; likeness compares with the selected feature") func orders() throws {
        var session = try opened()
        var seen: [FeatureQuery.Order] = []
        for _ in FeatureQuery.Order.allCases {
            session.play("tab")
            let request = try #require(session.queries.first)
            #expect(request.feature == (request.order == .likeness ? 17 : nil))
            seen.append(request.order)
            session.answerQueries()
        }
        #expect(Set(seen) == Set(FeatureQuery.Order.allCases))
        session.play("tab tab tab")
        session.answerQueries()
        #expect(session.screen == (try Golden.screen("browser-likeness", recording: session.screen)))
    }

    @Test("Enter raises a feature that the picture does not show to a typical strength, which can be undone") func adds() throws {
        var session = try opened()
        session.play("down down enter")
        #expect(session.state.overlays.isEmpty)
        #expect(session.state.stack.edits.map(\.feature) == [2])
        #expect(session.state.stack.edits.map(\.value) == [102])
        #expect(session.state.features.list.selected == 2)
        #expect(session.state.changes == [Change(feature: 2, amount: 102)])
        // Its slider goes as far as those of other features.
        #expect(session.state.features.list[2].map { Slider($0).limit } == 306)
        session.play("u")
        #expect(session.state.stack.isEmpty)
    }

    @Test("Before there is a picture, and when the library cannot be used, a sentence says so") func refuses() throws {
        var early = ScriptedSession(display: Display(size: GridSize(columns: 80, rows: 24)))
        early.play("B")
        #expect(early.state.overlays.isEmpty)
        #expect(early.screen.contains("no picture yet"))
        var session = try ScriptedSession.atRest()
        session.play("B")
        try session.fail("list", "features.sqlite: this is not a feature library; move it away.")
        #expect(session.screen.contains("features.sqlite"))
        session.play("down pgdn end tab enter esc")
        #expect(session.state.stack.isEmpty)
    }

    @Test("An empty library, and a window that shrinks, do no harm") func extremes() throws {
        var session = try opened(count: 0)
        session.play("up down pgup pgdn home end enter")
        #expect(session.state.stack.isEmpty)
        session = try opened(count: 3)
        session.play("end")
        session.send(.display(Display(size: GridSize(columns: 30, rows: 4))))
        session.play("down")
        session.send(.display(Display(size: GridSize(columns: 80, rows: 24))))
        #expect(try browser(session).selection.row == 2)
    }
}
