import Foundation
import Pictures
import Steering
import Testing

@testable import Playground

@Suite("Borrowing from another picture") struct BorrowingTests {
    private let donor = Donor(
        name: "night.png",
        features: [
            Feature(index: 17, activation: 2, norm: 2, label: "sun low over the water", maximum: 20),
            Feature(index: 230, activation: 9.5, norm: 2, label: "red roof", maximum: 10),
            Feature(index: 400, activation: 30, norm: 1, label: "stars", maximum: 30),
        ])

    private func opened(_ features: [Feature] = Array(Feature.examples.prefix(3))) throws -> ScriptedSession {
        var session = try ScriptedSession.atRest(features: features)
        session.play("O night.png enter")
        session.answer(.lookedAt(name: donor.name, features: donor.features))
        return session
    }

    @Test("The donor is asked for by path, and what differs is listed, the largest effect first") func lists() throws {
        var session = try ScriptedSession.atRest()
        session.play("O /pictures/night.png enter")
        #expect(session.asked == [.lookAt(URL(fileURLWithPath: "/pictures/night.png"))])
        #expect(session.screen.contains("analysing night.png"))
        session = try opened()
        #expect(session.state.requests.words == nil)
        #expect(session.screen == (try Golden.screen("borrowing", recording: session.screen)))
        session.play("esc O")
        #expect(session.screen.contains("night.png"))
    }

    @Test("Enter copies the selected feature as the donor has it, as an edit in a group with one strength") func copiesOne() throws {
        var session = try opened()
        session.play("enter")
        #expect(session.state.overlays.isEmpty)
        #expect(session.state.stack.groups.map(\.name) == ["from night.png"])
        #expect(session.state.changes == [Change(feature: 400, amount: 30)])
        #expect(session.screen.contains("stars"))
        session.play("u")
        #expect(session.state.stack.isEmpty)
    }

    @Test("Marked features, all down to the selected one, or all are copied together") func copiesSeveral() throws {
        var session = try opened()
        session.play("down space enter")
        #expect(session.state.changes == [Change(feature: 17, amount: -10)])
        session = try opened()
        session.play("down t enter")
        #expect(Set(session.state.stack.features) == [400, 17])
        session = try opened()
        session.play("a enter")
        #expect(Set(session.state.stack.features) == [400, 17, 4])
        session = try opened()
        session.play("a a space enter")
        #expect(session.state.stack.features == [400])
    }

    @Test("The difference of two donors is added to the picture") func difference() throws {
        var session = try opened()
        session.play("o day.png enter")
        #expect(session.pendingID("lookAt") != nil && session.state.looksForOrigin)
        session.answer(.lookedAt(name: "day.png", features: [Feature(index: 17, activation: 5, norm: 2)]))
        #expect(session.screen.contains("day.png to night.png"))
        session.play("end enter")
        #expect(session.state.stack.edits.map(\.kind) == [.add])
        #expect(session.state.changes == [Change(feature: 17, amount: -3)])
    }

    @Test("A donor that cannot be read, and one that differs in nothing, do no harm") func unusable() throws {
        var session = try ScriptedSession.atRest()
        session.play("O nowhere.png enter")
        try session.fail("lookAt", "nowhere.png: the file cannot be read: there is no such file.")
        #expect(session.screen.contains("nowhere.png"))
        #expect(session.state.phase == .ready)
        session = try opened(donor.features)
        #expect(session.screen.contains("have the same features"))
        session.play("space t a up down end enter")
        #expect(session.state.stack.isEmpty)
    }
}
