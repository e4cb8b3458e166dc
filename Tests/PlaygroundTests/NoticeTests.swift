import Foundation
import Terminal
import Testing

@testable import Playground

@Suite("Notices") struct NoticeTests {
    private let saved = Message.exported(URL(fileURLWithPath: "/pictures/house-fader.png"))

    @Test("Two notices at once are shown one after the other") func queue() throws {
        var session = try ScriptedSession.atRest()
        session.send(saved, .remarked("The prior computes in float32."))
        #expect(session.screen.contains("Saved house-fader.png in /pictures.") && !session.screen.contains("float32."))
        session.send(.timer(.notice))
        #expect(session.screen.contains("The prior computes in float32."))
        #expect(session.effects == [.startTimer(.notice, seconds: 4)])
        session.send(.timer(.notice))
        #expect(session.state.notice == nil && session.effects.isEmpty)
    }

    @Test("An error comes first and stays until a key; what it pushed aside comes back") func errorsFirst() throws {
        var session = try ScriptedSession.atRest()
        session.send(saved, .savingFailed("/state: there is no room left."))
        #expect(session.screen.contains("no room left"))
        session.send(.timer(.notice))
        #expect(session.screen.contains("no room left"))
        session.play("down")
        #expect(session.screen.contains("Saved house-fader.png"))
        #expect(session.effects.contains(.startTimer(.notice, seconds: 4)))
    }

    @Test("What a key does is said at once") func keys() throws {
        var session = try ScriptedSession.atRest()
        session.play("n")
        #expect(session.screen.contains("Starting from noise"))
        session.play("L")
        #expect(session.screen.contains("The seed is locked."))
    }

    @Test("All can be read again, the newest last, and only so many are kept") func messages() throws {
        var session = try ScriptedSession.atRest()
        for number in 1...300 { session.send(.remarked("Remark number \(number).")) }
        #expect(session.state.notices.past.count == 200)
        session.play(":messages enter")
        #expect(session.screen.contains("Remark number 300.") && view(session.state).pictures.isEmpty)
        session.play("home")
        #expect(session.screen.contains("Remark number 101.") && !session.screen.contains("Remark number 100."))
        session.play("q")
        #expect(session.state.overlays.isEmpty && !session.effects.contains(.quit))
    }

    @Test("A problem of the configuration that is not shown can be read") func problems() throws {
        var options = Options.example
        options.configuration = Configuration("a = 1\nb = 2\n", name: "config.toml")
        var session = try ScriptedSession.atRest(options: options)
        session.play(":messages enter")
        #expect(session.screen.contains("\"a\"") && session.screen.contains("\"b\""))
    }
}
