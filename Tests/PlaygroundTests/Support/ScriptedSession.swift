import Pictures
import Steering
import Terminal
import Testing

@testable import Playground

/// A session without terminal and engine: keys are played from a script, the engine's answers are given by the test.
struct ScriptedSession {
    var state: State
    /// What the program was asked to do since the last `play` or `send` began.
    private(set) var effects: [Effect] = [] {
        didSet { for case .ask(let id, let request) in effects { everAsked[id] = request } }
    }
    private var everAsked: [Int: EngineRequest] = [:]

    /// A session at its very beginning.
    init(display: Display, options: Options = .example) {
        state = State(options: options, display: display)
        take(state.begin())
    }

    // Observers do not see what an initialiser sets.
    private mutating func take(_ effects: [Effect]) { self.effects = effects }

    /// A session in which the picture is analysed and rendered, and nothing is going on.
    static func atRest(
        columns: Int = 80, rows: Int = 24, features: [Feature] = Feature.examples, options: Options = .example,
        _ adjust: (inout Display) -> Void = { _ in }
    ) throws -> ScriptedSession {
        var display = Display(size: GridSize(columns: columns, rows: rows))
        adjust(&display)
        var session = ScriptedSession(display: display, options: options)
        session.answer(.opened(.example))
        session.answer(.analysed(try .example(features), .example))
        session.finishRender(with: try .plain(42, 82, 122))
        return session
    }

    var screen: String { view(state).canvas.text }

    mutating func send(_ messages: Message...) {
        effects = messages.flatMap { update(&state, $0) }
    }

    /// Plays keys, separated by blanks: names as in `names`, with `C-` for Control, `A-` for Alt and `S-` for Shift before; anything else is typed.
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
        guard pendingID("render") != nil else {
            effects = []
            return
        }
        answer(.rendered(picture, seconds: seconds))
    }

    // MARK: The engine

    /// Gives answers, each to the latest pending request of its kind.
    mutating func answer(_ answers: EngineAnswer...) {
        effects = answers.flatMap { answer -> [Effect] in
            guard let id = pendingID(answer.kind) else {
                Issue.record("Nothing was asked that \(answer.kind) answers.")
                return []
            }
            return update(&state, .engine(EngineEvent(id: id, .finished(.success(answer)))))
        }
    }

    /// Lets the engine have analysed a picture, which it is asked for unless it has been.
    mutating func open(_ analysis: AnalysisSummary, _ opened: OpenedPicture = .example) {
        if pendingID("analyse") == nil { take(state.ask(.analyse(.file(opened.source.url)))) }
        answer(.analysed(analysis, opened))
    }

    /// Answers a request by its number, whether anybody still waits for it or not.
    mutating func answer(_ id: Int, _ answer: EngineAnswer) { send(.engine(EngineEvent(id: id, .finished(.success(answer))))) }

    /// Lets the latest pending request of a kind fail.
    mutating func fail(_ kind: String, _ reason: String) throws {
        let id = try #require(pendingID(kind))
        fail(id, reason)
    }

    mutating func fail(_ id: Int, _ reason: String) {
        guard let request = everAsked[id] else { return }
        send(.engine(EngineEvent(id: id, .finished(.failure(EngineFailure(request, reason: reason))))))
    }

    /// Tells how far the latest pending request of a kind is.
    mutating func progress(_ kind: String, _ progress: WorkProgress) throws {
        self.progress(try #require(pendingID(kind)), progress)
    }

    mutating func progress(_ id: Int, _ progress: WorkProgress) { send(.engine(EngineEvent(id: id, .progress(progress)))) }

    /// The number of the latest pending request of a kind, which is the name of its case.
    func pendingID(_ kind: String) -> Int? { state.requests.pending.filter { $0.value.request.kind == kind }.keys.max() }

    /// What the effects ask the engine.
    var asked: [EngineRequest] { effects.compactMap { if case .ask(_, let request) = $0 { request } else { nil } } }

    /// The kinds of the requests that the effects give up.
    var cancelled: [String] { effects.compactMap { if case .cancel(let id) = $0 { everAsked[id]?.kind } else { nil } } }

    /// What the effects ask the library for.
    var queries: [FeatureQuery] { asked.compactMap { if case .list(let query) = $0 { query } else { nil } } }

    /// Answers what the browser asks the library for, until it asks no more.
    mutating func answerQueries(count: Int = 163_840) {
        var isDone = false
        while !isDone {
            let ids = state.requests.pending.filter { $0.value.request.kind == "list" }
            isDone = ids.isEmpty
            effects = ids.sorted { $0.key < $1.key }.flatMap { id, pending -> [Effect] in
                guard case .list(let query) = pending.request else { return [] }
                return update(&state, .engine(EngineEvent(id: id, .finished(.success(.listed(query, .example(query, count: count)))))))
            }
        }
    }

    /// The pictures that the effects ask for.
    var requests: [RenderRequest] {
        asked.compactMap { if case .render(let request, _) = $0 { request } else { nil } }
    }

    /// Those that are to show how the picture grows.
    var growingRequests: [RenderRequest] {
        asked.compactMap { if case .render(let request, previews: true) = $0 { request } else { nil } }
    }

    private static let names: [String: Key] = [
        "up": .up, "down": .down, "left": .left, "right": .right, "home": .home, "end": .end, "pgup": .pageUp, "pgdn": .pageDown,
        "enter": .enter, "esc": .escape, "bksp": .backspace, "del": .delete, "tab": .tab, "space": .character(" "), "f1": .function(1),
    ]

    private static func presses(_ token: String) -> [(key: Key, modifiers: Modifiers)] {
        for (prefix, modifiers) in [("C-", Modifiers.control), ("A-", .alt), ("S-", .shift)] where token.hasPrefix(prefix) {
            return presses(String(token.dropFirst(2))).map { ($0.key, $0.modifiers.union(modifiers)) }
        }
        if let key = names[token] { return [(key, [])] }
        return token.map { (.character($0), []) }
    }
}

extension EngineRequest {
    /// The name of the case.
    var kind: String { String(String(describing: self).prefix { $0.isLetter }) }
}

extension EngineAnswer {
    /// The kind of the requests that it answers.
    var kind: String {
        switch self {
        case .opened: "open"
        case .analysed: "analyse"
        case .lookedAt: "lookAt"
        case .rendered: "render"
        case .icon: "makeIcon"
        case .listed: "list"
        case .described: "describe"
        case .alike: "findAlike"
        case .direction: "makeDirection"
        case .foundGroups: "findGroups"
        case .listedGroups: "listGroups"
        case .savedGroup: "saveGroup"
        case .named: "nameFeatures"
        }
    }
}

extension Overlay {
    /// What is typed in its text field; nil where it has none.
    var typedText: String? {
        switch self {
        case let line as InputLine: line.field.text
        case let palette as CommandPalette: palette.search.text
        case let browser as Browser: browser.search.text
        case let value as ValueField: value.field.text
        default: nil
        }
    }
}

extension State {
    /// What the edits change in the picture.
    var changes: [Change] { stack.changes { features.list[$0]?.activation ?? 0 } }
}
