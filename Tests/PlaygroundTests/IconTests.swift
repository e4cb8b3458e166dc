import Pictures
import Steering
import Terminal
import Testing

@testable import Playground

@Suite("Icons beside the features") struct IconTests {
    private func session(_ graphics: [GraphicsProtocol] = [.sixel, .blocks, .ascii]) throws -> ScriptedSession {
        try ScriptedSession.atRest { $0.graphics = graphics }
    }

    private func wanted(_ session: ScriptedSession) -> [Int] {
        session.effects.compactMap { effect in if case .ask(_, .makeIcon(let feature, _)) = effect { feature } else { nil } }
    }

    @Test("They are made one after another, for the features on the screen, from the top") func oneByOne() throws {
        var session = try session()
        var made: [Int] = []
        while let feature = wanted(session).first {
            made.append(feature)
            session.answer(.icon(of: feature, try .plain(200, 0, 0)))
        }
        #expect(made == Feature.examples.prefix(10).map(\.index))
        session.play("a " + String(repeating: "down ", count: 11))
        #expect(wanted(session) == [512])
        session.answer(.icon(of: 512, try .plain(200, 0, 0)))
        #expect(wanted(session) == [7])
    }

    @Test("A movement stops the one that is being made, and it begins anew once the picture is finished") func givesWay() throws {
        var session = try session()
        #expect(wanted(session) == [17])
        session.play("right")
        #expect(session.cancelled.contains("makeIcon"))
        session.send(.timer(.rest))
        session.finishRender(with: try .plain(1, 1, 1))
        #expect(wanted(session).isEmpty)
        session.finishRender(with: try .plain(2, 2, 2))
        #expect(wanted(session) == [17])
        session.play("?")
        #expect(session.cancelled == ["makeIcon"])
    }

    @Test("They wait while the user does, who is told for what", arguments: ["O night.png enter", "w night enter", "A", "P"])
    func waits(keys: String) throws {
        var session = try session()
        session.play(keys)
        #expect(session.cancelled.contains("makeIcon"))
        let (id, awaited) = try #require(session.state.requests.pending.first { $0.value.words != nil })
        let words = try #require(awaited.words)
        #expect(session.screen.contains(words) && !session.screen.contains("ready"))
        session.send(.timer(.notice))
        #expect(session.screen.contains(words))
        session.fail(id, "It does not work.")
        #expect(session.state.requests.words == nil)
        #expect(wanted(session) == [17])
    }

    @Test("They are drawn in one picture beside the list, which makes room for it once there is one") func drawn() throws {
        var session = try session()
        #expect(view(session.state).pictures.count == 1)
        session.answer(.icon(of: 17, try .plain(200, 0, 0)))
        let icons = try #require(view(session.state).pictures.last)
        #expect(view(session.state).pictures.count == 2)
        #expect(icons.rectangle == Rectangle(column: 1, row: 1, columns: 4, rows: 20))
        #expect(icons.picture.width == 40 && icons.picture.height == 400)
        #expect(icons.picture.pixels.prefix(3) == [200, 0, 0])
        #expect(icons.picture.pixels.suffix(3) == [0, 0, 0])
        session.state.display.background = .rgb(255, 255, 255)
        #expect(view(session.state).pictures.last?.picture.pixels.suffix(3) == [255, 255, 255])
        #expect(session.screen == (try Golden.screen("icons", recording: session.screen)))
        session.play(":")
        #expect(view(session.state).pictures.isEmpty)
    }

    @Test("Where the terminal shows no pixels there are none, and after an error no more are tried") func none() throws {
        #expect(wanted(try session([.blocks, .ascii])).isEmpty)
        var session = try session()
        try session.fail("makeIcon", "features.sqlite: there is no room left on the device.")
        #expect(wanted(session).isEmpty)
        session.play("down")
        #expect(wanted(session).isEmpty)
    }
}
