import Pictures
import Steering
import Terminal

@testable import Playground

/// A session without terminal and engine: keys are played from a script, the engine's answers are given by the test.
struct ScriptedSession {
    var state: State
    /// What the program was asked to do since the last `play` or `send` began.
    private(set) var effects: [Effect] = []

    /// A session at its very beginning.
    init(display: Display, options: Options = .example) {
        state = State(options: options, display: display)
        effects = state.begin()
    }

    /// A session in which the picture is analysed and rendered, and nothing is going on.
    static func atRest(
        columns: Int = 80, rows: Int = 24, features: [Feature] = Feature.examples, options: Options = .example,
        _ adjust: (inout Display) -> Void = { _ in }
    ) throws -> ScriptedSession {
        var display = Display(size: GridSize(columns: columns, rows: rows))
        adjust(&display)
        var session = ScriptedSession(display: display, options: options)
        session.send(.opened(.example))
        session.send(.analysed(try .example(features), .example))
        session.finishRender(with: try .plain(42, 82, 122))
        return session
    }

    var screen: String { view(state).canvas.text }

    mutating func send(_ messages: Message...) {
        effects = messages.flatMap { update(&state, $0) }
    }

    /// Plays keys, separated by blanks: names as in `names`, with `C-` for Control and `S-` for Shift before; anything else is typed.
    ///
    /// A blank is typed as `space`.
    mutating func play(_ script: String) {
        let presses = script.split(separator: " ").flatMap { Self.presses(String($0)) }
        effects = presses.flatMap { update(&state, .input(.key($0.key, $0.modifiers))) }
    }

    mutating func mouse(_ kind: MouseEvent.Kind, column: Int, row: Int) {
        send(.input(.mouse(MouseEvent(kind, column: column, row: row))))
    }

    /// Answers the render in flight.
    mutating func finishRender(with picture: Picture, seconds: Double = 0.42) {
        guard let id = state.renders.running?.id else {
            effects = []
            return
        }
        send(.rendered(id: id, picture, seconds: seconds))
    }

    /// What the effects ask the library for.
    var browsingRequests: [BrowsingRequest] {
        effects.flatMap { effect -> [BrowsingRequest] in if case .browse(let requests) = effect { requests } else { [] } }
    }

    /// Answers what the browser asks the library for, until it asks no more.
    mutating func answerBrowsing(count: Int = 163_840) {
        var isDone = false
        while !isDone {
            let asked = browsingRequests
            isDone = asked.isEmpty
            effects = asked.flatMap { update(&state, .browsed($0, .example($0, count: count))) }
        }
    }

    /// The requests among the effects.
    var requests: [RenderRequest] {
        effects.compactMap { if case .render(_, let request, _) = $0 { request } else { nil } }
    }

    /// The requests among the effects that are to show how the picture grows.
    var growingRequests: [RenderRequest] {
        effects.compactMap { if case .render(_, let request, previews: true) = $0 { request } else { nil } }
    }

    private static let names: [String: Key] = [
        "up": .up, "down": .down, "left": .left, "right": .right, "home": .home, "end": .end, "pgup": .pageUp, "pgdn": .pageDown,
        "enter": .enter, "esc": .escape, "bksp": .backspace, "del": .delete, "tab": .tab, "space": .character(" "), "f1": .function(1),
    ]

    private static func presses(_ token: String) -> [(key: Key, modifiers: Modifiers)] {
        for (prefix, modifiers) in [("C-", Modifiers.control), ("S-", .shift)] where token.hasPrefix(prefix) {
            return presses(String(token.dropFirst(2))).map { ($0.key, modifiers) }
        }
        if let key = names[token] { return [(key, [])] }
        return token.map { (.character($0), []) }
    }
}
