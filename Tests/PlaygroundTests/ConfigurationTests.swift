import Foundation
import Randomness
import Terminal
import Testing

@testable import Playground

@Suite("The configuration") struct ConfigurationTests {
    private let example = """
        # Everything that can be said.
        pack = "/models/kandinsky"   # with a comment
        graphics = 'blocks'
        mouse = false
        theme = "basic"

        [keys]
        undo = ["ctrl-u", "F9"]
        "quit" = "Y"
        peek = []

        [colors]
        title = "#5fafd7"
        fill = 200
        """

    @Test("All of it is understood") func understood() {
        let configuration = Configuration(example, name: "config.toml")
        #expect(configuration.problems.isEmpty)
        #expect(configuration.pack == "/models/kandinsky")
        #expect(configuration.graphics == .blocks)
        #expect(!configuration.usesMouse)
        #expect(configuration.theme == .basic)
        #expect(configuration.colors == [.title: .rgb(0x5F, 0xAF, 0xD7), .fill: .indexed(200)])
        let bindings = configuration.bindings
        #expect(
            bindings.action(for: .character("u", .control)) == Action(EditAction.undo)
                && bindings.action(for: KeyPress(.function(9))) == Action(EditAction.undo))
        #expect(bindings.action(for: .character("u")) == nil)
        #expect(bindings.action(for: .character("Y")) == Action(SessionAction.quit) && bindings.action(for: .character("q")) == nil)
        #expect(bindings.action(for: .character(" ")) == nil)
        #expect(Configuration(example.replacing("\n", with: "\r\n"), name: "").problems.isEmpty)
    }

    @Test("The example has every setting commented out, and says what holds without it") func commentedExample() {
        #expect(Configuration(Configuration.example, name: "config.toml") == Configuration())
        let settings = Configuration.example.split(separator: "\n").filter { $0.contains(" = ") || $0.hasPrefix("# [") }
            .map { $0.dropFirst(2) }.filter { !$0.hasPrefix("pack") && !$0.contains("#5fafd7") }
        let configuration = Configuration(settings.joined(separator: "\n"), name: "config.toml")
        #expect(configuration.problems.isEmpty)
        for action in Action.all {
            #expect(configuration.bindings.key(of: action) == Configuration().bindings.key(of: action), "\(action)")
        }
    }

    @Test("A key given to another action is taken from the one that had it") func taken() {
        let configuration = Configuration("[keys]\nhelp = \"u\"", name: "config.toml")
        #expect(configuration.bindings.action(for: .character("u")) == Action(SessionAction.help))
        #expect(configuration.bindings.key(of: EditAction.undo) == nil)
        #expect(Set(configuration.bindings.all.flatMap(\.keys)).count == configuration.bindings.all.flatMap(\.keys).count)
    }

    @Test(
        "What is not known or wrong is named with its line, and the rest is taken",
        arguments: [
            ("colour = 1", "there is no setting \"colour\""), ("graphics = \"jpeg\"", "\"graphics\" is one of"),
            ("mouse = \"no\"", "\"mouse\" is true or false"), ("pack = /a/b", "put text in quotes"), ("pack = 3", "a text in quotes"),
            ("theme = \"dark\"", "not \"dark\""), ("pack = \"a", "has no end"), ("pack = \"\\q\"", "backslash"),
            ("pack", "not followed by ="),
            ("pack =", "no value"), ("= 1", "no name"), ("[keys", "ends with ]"), ("pack = \"a\" b", "is too much"),
            ("[keys]\nfly = \"x\"", "no action \"fly\""), ("[keys]\nundo = \"hyper-x\"", "\"hyper-x\" is not a key"),
            ("[keys]\nundo = [\"a\" \"b\"]", "a list ends with ]"), ("[keys]\nundo = 3", "a key or a list of keys"),
            ("[keys]\nundo = \"f5\"\nredo = [\"y\", \"f5\"]", "\"f5\" is already the key of \"undo\""),
            ("[colors]\ntitle = 256", "0 to 255"), ("[colors]\ntitle = \"#12345g\"", "is not a colour"),
            ("[colors]\nsky = 1", "no colour \"sky\""),
            ("[colors]\ntitle = true", "is a colour"), ("[mouse]\nwheel = 1", "no table \"mouse\""),
            ("mouse = true\nmouse = true", "there twice"),
        ])
    func problems(text: String, reason: String) throws {
        let configuration = Configuration("\n\(text)\n[colors]\nfill = 7\n", name: "config.toml")
        let problem = try #require(configuration.problems.first)
        let line = text.split(separator: "\n").count + 1
        #expect(configuration.problems.count == 1)
        #expect(problem.hasPrefix("config.toml, line \(line): ") && problem.contains(reason), "\(problem)")
        #expect(configuration.colors[.fill] == .indexed(7))
    }

    @Test("An action that loses its only key to another is named; one that is given a key, or none on purpose, is not") func lostKeys() {
        let lost = Configuration("[keys]\nundo = \"z\"\n", name: "config.toml")
        #expect(lost.problems.count == 1)
        #expect(lost.problems.first?.hasPrefix("config.toml, line 2: \"z\" was the key of \"ablate\", which has none now") == true)
        #expect(lost.bindings.action(for: .character("z")) == Action(EditAction.undo))
        for rest in ["ablate = \"f5\"", "ablate = []"] {
            #expect(Configuration("[keys]\nundo = \"z\"\n\(rest)\n", name: "c").problems.isEmpty)
        }
        #expect(Configuration("[keys]\nundo = \"k\"\n", name: "c").problems.isEmpty)
    }

    @Test("Shift and a letter are the upper-case letter") func shiftedLetter() {
        #expect(KeyPress(named: "shift-a") == .character("A") && KeyPress(named: "A") == .character("A"))
    }

    @Test("Any bytes are read without harm") func hostile() {
        var random = SplitMix64(seed: 5)
        let characters = Array("[]\"'=#\\, \nkeys colors pack 01.-_é\u{0}")
        for _ in 0..<500 {
            let text = String((0..<60).map { _ in characters.randomElement(using: &random) ?? " " })
            #expect(Configuration(text, name: "c").problems.allSatisfy { $0.hasPrefix("c, line ") })
        }
    }

    @Test("Without a file there is the standard; a file that is no text says so") func files() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fader-\(UUID().uuidString)")
        #expect(Configuration(contentsOf: folder) == Configuration())
        try Data([0xFF, 0xFE, 0x00]).write(to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(Configuration(contentsOf: folder).problems.count == 1)
    }

    @Test("It is found where XDG says, or below the home folder") func places() {
        #expect(Configuration.file(environment: ["XDG_CONFIG_HOME": "/c", "HOME": "/h"])?.path == "/c/fader/config.toml")
        #expect(Configuration.file(environment: ["XDG_CONFIG_HOME": "relative", "HOME": "/h"])?.path == "/h/.config/fader/config.toml")
        #expect(Configuration.file(environment: [:]) == nil)
        #expect(SessionFolder(environment: ["XDG_STATE_HOME": "/s", "HOME": "/h"])?.url.path == "/s/fader/sessions")
        #expect(SessionFolder(environment: ["HOME": "/h"])?.url.path == "/h/.local/state/fader/sessions")
    }

    @Test("The session begins with the first problem, and its keys are the user's") func session() throws {
        var options = Options.example
        options.configuration = Configuration("a = 1\nb = 2\n[keys]\nhelp = \"y\"", name: "config.toml")
        var session = ScriptedSession(display: Display(size: .init(columns: 100, rows: 30)), options: options)
        #expect(session.screen.contains("line 1: there is no setting \"a\". (and 1 more)"))
        session.play("y")
        #expect(session.state.overlays.top is Help)
    }

    @Test("Chosen colours are drawn, and NO_COLOR still leaves none") func colors() throws {
        var options = Options.example
        options.configuration = Configuration("[colors]\ntext = 200", name: "")
        let colored = try ScriptedSession.atRest(options: options)
        #expect(view(colored.state).canvas[column: 3, row: 3].style.foreground == .indexed(200))
        let plain = try ScriptedSession.atRest(options: options) { $0.colors = .monochrome }
        #expect(view(plain.state).canvas[column: 3, row: 3].style.foreground == .default)
    }
}
