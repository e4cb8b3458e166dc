import Steering
import Testing

@testable import Playground

@Suite("Naming features") struct NamingTests {
    private static let unnamed = [
        Feature(index: 3, activation: 4, norm: 1, label: "boat"), Feature(index: 7, activation: 3, norm: 1),
        Feature(index: 9, activation: 2, norm: 1),
    ]

    @Test("Labels change as they come, and the status line says how far it is until all are named") func labels() throws {
        var session = try ScriptedSession.atRest(columns: 160, features: Self.unnamed)
        #expect(session.asked.last == .nameFeatures(first: AnalysisID(1)))
        #expect(!session.screen.contains("naming"))
        session.answer(.named(NamingStep(labels: [7: "night", 3: "car"], step: 20, count: 80)))
        #expect(session.screen.contains("night") && session.screen.contains("boat") && !session.screen.contains("car"))
        #expect(session.screen.contains("naming features 25 %"))
        #expect(session.asked == [.nameFeatures(first: AnalysisID(1))])
        session.answer(.named(NamingStep(labels: [9: "star"], step: 80, count: 80)))
        #expect(session.screen.contains("star") && !session.screen.contains("naming"))
        #expect(session.asked.isEmpty)
        session.play("down")
        #expect(session.asked.isEmpty)
    }

    @Test("While a picture is made, nothing more is named") func waits() throws {
        var session = try ScriptedSession.atRest(features: Self.unnamed)
        session.play("right")
        #expect(!session.requests.isEmpty)
        session.answer(.named(NamingStep(labels: [7: "night"], step: 20, count: 80)))
        #expect(session.asked.isEmpty)
        session.finishRender(with: try .plain(1, 2, 3))
        session.send(.timer(.rest))
        while session.pendingID("render") != nil { session.finishRender(with: try .plain(1, 2, 3)) }
        #expect(session.asked.last == .nameFeatures(first: AnalysisID(1)))
    }

    @Test("A failure is nobody's concern") func fails() throws {
        var session = try ScriptedSession.atRest(features: Self.unnamed)
        try session.fail("nameFeatures", "Something failed.")
        #expect(session.asked.isEmpty && !session.screen.contains("failed"))
    }
}
