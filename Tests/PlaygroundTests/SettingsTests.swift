import Foundation
import Pictures
import Steering
import Testing

@testable import Playground

@Suite("Seed, steps, guidance and other pictures") struct SettingsTests {
    @Test("Steps and guidance are typed, rendered with, told, and undone") func stepsAndGuidance() throws {
        var session = try ScriptedSession.atRest()
        session.play("t C-u 50 enter")
        session.finishRender(with: try .plain(1, 1, 1))
        session.send(.timer(.rest))
        #expect(session.requests.map(\.sampling.steps) == [50])
        session.play("c C-u 2.5 enter")
        #expect(session.state.request(.full)?.sampling == Sampling(steps: 50, guidance: 2.5))
        #expect(session.screen.contains("50 steps · guidance 2.50"))
        session.play("u u")
        #expect(session.state.request(.full)?.sampling == Sampling(steps: 20))
    }

    @Test("What a prompt proposes gives way to what is typed, or is gone on with") func proposals() throws {
        var session = try ScriptedSession.atRest()
        session.play("t 30 enter")
        #expect(session.state.settings.sampling.steps == 30)
        session.play("t bksp 5 enter")
        #expect(session.state.settings.sampling.steps == 35)
        session.play("t end 0 enter")
        #expect(session.state.settings.sampling.steps == 350)
        session.play("t enter")
        #expect(session.state.settings.sampling.steps == 350)
    }

    @Test(
        "Numbers out of range are refused",
        arguments: ["t 0", "t 1001", "t y", "t 1.5", "t x/3", "c -1", "c 21", "c nan", ": type-seed enter -1"])
    func refused(script: String) throws {
        var session = try ScriptedSession.atRest()
        let words = script.split(separator: " ")
        session.play(words.dropLast().joined(separator: " ") + " C-u \(words.last ?? "") enter")
        #expect(session.screen.contains("is not a"))
        #expect(session.state.settings == Settings(sampling: Sampling(steps: 20)))
        #expect(!session.state.overlays.isEmpty)
    }

    @Test("Rendering begins at noise of a seed, or at the inversion") func start() throws {
        var session = try ScriptedSession.atRest()
        session.play("n")
        #expect(session.state.request(.full)?.sampling.start == .noise(seed: 0))
        session.play(": type-seed enter C-u 42 enter")
        #expect(session.state.request(.full)?.sampling.start == .noise(seed: 42))
        #expect(session.screen.contains("seed 42"))
        session.play("n")
        #expect(session.state.request(.full)?.sampling.start == .inversion)
        session.play("n")
        #expect(session.state.request(.full)?.sampling.start == .noise(seed: 42))
    }

    @Test("The inversion is plain or exact, told, rendered with and undone") func inversion() throws {
        var session = try ScriptedSession.atRest()
        #expect(session.state.request(.full)?.sampling.inversion == .exact)
        session.play(": switch-inversion enter")
        #expect(session.state.request(.full)?.sampling.inversion == .plain)
        #expect(session.screen.contains("inversion is plain"))
        session.send(.timer(.notice))
        #expect(session.screen.contains("plain inversion"))
        session.play("u")
        #expect(session.state.request(.full)?.sampling.inversion == .exact)
        session.play(": switch-inversion enter n")
        session.send(.timer(.notice))
        #expect(!session.screen.contains("plain inversion"))
    }

    @Test("Another seed is another one each time, unless it is locked") func seeds() throws {
        var session = try ScriptedSession.atRest()
        var seeds: Set<UInt64> = []
        for _ in 1...5 {
            session.play("N")
            seeds.insert(session.state.settings.seed)
        }
        #expect(seeds.count == 5)
        let last = session.state.settings.seed
        session.play("L N")
        #expect(session.state.settings.seed == last)
        #expect(session.screen.contains("seed is locked"))
        session.play("]")
        session.answer(.analysed(try .example(), .example(named: "other.png")))
        #expect(session.state.settings.seed == last)
        session.play("L ]")
        session.answer(.analysed(try .example(), .example(named: "third.png")))
        #expect(session.state.settings.seed != last)
    }

    @Test("Another picture is opened by its path; what was rendered for the old one stops") func opening() throws {
        var session = try ScriptedSession.atRest()
        session.play("right o /a/b.png enter")
        #expect(session.cancelled.contains("render"))
        #expect(session.asked.contains(.analyse(.file(URL(fileURLWithPath: "/a/b.png")))))
        session.play("o")
        session.send(.input(.paste("~/b.png")))
        session.play("enter")
        #expect(session.asked.contains(.analyse(.file(FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent("b.png")))))
        session.answer(.analysed(try .example([Feature(index: 3, activation: 1, norm: 1)], number: 2), .example(named: "b.png")))
        #expect(session.state.stack.isEmpty)
        #expect(session.requests.count == 1)
        session.play("u")
        #expect(session.screen.contains("nothing to undo"))
    }

    @Test("A picture that cannot be opened leaves the one that was there, and says why") func failedOpening() throws {
        var session = try ScriptedSession.atRest()
        session.play("right o /a/b.png enter")
        try session.fail("analyse", "/a/b.png: the file cannot be read: there is no such file.")
        #expect(session.screen.contains("there is no such file"))
        #expect(session.requests.count == 1)
        #expect(!session.state.stack.isEmpty)
    }

    @Test("Tab asks how a path goes on; an answer to what is typed no more is ignored") func completion() throws {
        var session = try ScriptedSession.atRest()
        session.play("o /nowhere/x tab")
        #expect(session.effects == [.complete("/nowhere/x")])
        let answer = PathCompletion("/nowhere/x", home: "/nowhere")
        session.play("y")
        session.send(.completed(answer))
        #expect(session.state.overlays.top?.typedText == "/nowhere/xy")
    }

    @Test("The folder's next and previous picture are asked for") func neighbours() throws {
        var session = try ScriptedSession.atRest()
        session.play("]")
        #expect(session.asked.contains(.analyse(.next(after: OpenedPicture.example.source.url))))
        try session.fail("analyse", "There is none.")
        session.play("[")
        #expect(session.asked.contains(.analyse(.previous(before: OpenedPicture.example.source.url))))
    }

    @Test("From an opened export, the next picture is that of the export's folder") func neighboursOfExport() throws {
        var session = try ScriptedSession.atRest()
        var opened = OpenedPicture.example
        opened.file = URL(fileURLWithPath: "/exports/house-fader.png")
        session.open(try .example(), opened)
        session.play("]")
        #expect(session.asked.contains(.analyse(.next(after: opened.file))))
        #expect(session.state.source?.url == OpenedPicture.example.source.url)
    }

    @Test("Features of a recipe that the picture does not show get the library's labels and ranges, and are asked for once")
    func describedFeatures() throws {
        var session = try ScriptedSession.atRest()
        var stack = EditStack()
        stack.append(feature: 17, value: 20)
        stack.append(feature: 41, value: 30)
        stack.append(feature: 99_999, value: 1)
        var opened = OpenedPicture.example
        opened.recipe = Recipe(
            pack: .init(name: "demo", fingerprint: "0123"), picture: opened.source.reference, sampling: Sampling(steps: 7), stack: stack)
        session.open(try .example(), opened)
        #expect(session.asked.contains(.describe([41])))
        session.answer(.described([ListedFeature(index: 41, label: "night", maximum: 50, norm: 3)]))
        #expect(session.state.features.list[41] == Feature(index: 41, activation: 0, norm: 3, label: "night", maximum: 50))
        #expect(session.screen.contains("night") && !session.screen.contains("feature 41 "))
        session.play("right left")
        #expect(!session.asked.contains { if case .describe = $0 { true } else { false } })
        session.play("/ 300")
        #expect(session.asked.contains(.describe([300])))
        try session.fail("describe", "There is no library.")
        #expect(session.state.notice == nil)
    }

    @Test("A recipe brings edits and settings back, and tells when its pack or its picture is another") func recipes() throws {
        var stack = EditStack()
        stack.append(feature: 17, value: 20, strength: 0.5)
        var opened = OpenedPicture.example
        opened.recipe = Recipe(
            pack: .init(name: "demo", fingerprint: "0123"), picture: opened.source.reference,
            sampling: Sampling(steps: 7, guidance: 2, start: .noise(seed: 9)), stack: stack)
        var session = try ScriptedSession.atRest()
        session.play("]")
        session.answer(.analysed(try .example(), opened))
        #expect(session.state.recipe == opened.recipe)
        #expect(session.requests.first?.sampling == Sampling(steps: 7, guidance: 2, start: .noise(seed: 9)))
        opened.isOtherPicture = true
        session.play("]")
        session.answer(.analysed(try .example(), opened))
        #expect(session.screen.contains("The picture has changed"))
        opened.recipe?.pack.fingerprint = "4567"
        session.play("]")
        session.answer(.analysed(try .example(), opened))
        #expect(session.screen.contains("made with another pack"))
    }

    @Test("The status line tells how much of the picture the features give back, and warns where it is less than half")
    func reconstruction() throws {
        var session = try ScriptedSession.atRest()
        session.play("]")
        let good = Reconstruction(cosine: 0.982, explained: 0.964, activeCount: 17)
        session.answer(.analysed(try .example(reconstruction: good), .example))
        #expect(session.screen.contains("96 % explained, cosine 0.98, 17 active"))
        session.play("]")
        let poor = Reconstruction(cosine: 0.31, explained: -0.42, activeCount: 230)
        session.answer(.analysed(try .example(reconstruction: poor), .example))
        #expect(session.screen.contains("The autoencoder explains -42 %"))
    }
}
