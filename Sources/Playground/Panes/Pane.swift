import Steering
import Terminal

/// A part of the screen that is always there: the features, the edits or the pictures.
///
/// A pane is a value with its state, its keys and its looks, in a folder of its own. It changes nothing but itself: what it needs to know of the rest is
/// passed to it, and what is to be done elsewhere it answers.
protocol Pane: Sendable, Equatable {
    /// The cells in which it hears the mouse; nil while it is not on the screen.
    func area(in layout: Layout) -> Rectangle?
    /// What the mouse does in it; once a button is held there, wherever the pointer is.
    mutating func point(_ event: MouseEvent, _ state: State) -> [PaneAnswer]
    /// Whether the left button holds something in it.
    var isHolding: Bool { get }
    /// Releases what the left button holds.
    mutating func letGo()
    /// Follows what a message changed: scrolls, and asks for what is to be seen.
    mutating func settle(_ state: State) -> [PaneAnswer]
    /// Draws it.
    /// - Returns: the pictures in it, which no text may lie over.
    func draw(with painter: inout Painter, _ state: State, _ layout: Layout) -> [PlacedPicture]
}

/// A pane with a list of sliders, which can have the focus: then the keys that select and move sliders are its own.
protocol ListPane: Pane {
    /// The mouse at its sliders.
    var grip: SliderGrip { get set }
    mutating func select(rows: Int, _ state: State) -> [PaneAnswer]
    /// The selected slider.
    var handle: Handle? { get }
    /// The slider in whose row the pointer is.
    func handle(at event: MouseEvent, _ state: State) -> Handle?
    /// The edit or group that the selected row stands for.
    func part(in stack: EditStack) -> EditPart?
    /// The edits once the selected slider has moved; nil when there is none.
    func moved(_ movement: SliderMovement, _ state: State) -> EditStack?
    /// The keys that are of use in it.
    func hints(in state: State) -> [KeyHint]
}

extension ListPane {
    var isHolding: Bool { grip.isHolding }

    mutating func letGo() { grip.letGo() }
}

/// What a key does to a slider.
enum SliderMovement: Sendable, Equatable {
    case fineStep(Float)
    case coarseStep(Float)
    case toMinimum, toMaximum
    /// To the value that it has without edits.
    case toOwn
}

/// What a pane wants of the rest of the playground.
enum PaneAnswer: Sendable, Equatable {
    /// These are to be the edits; changes within one gesture are undone in one go.
    case edits(EditStack, in: History.Gesture? = nil)
    /// This list is to hear the keys.
    case focus(Focus)
    /// This feature is to be selected.
    case feature(Int)
    /// Pictures are to be drawn this way.
    case graphics(GraphicsProtocol)
    case inform(String)
    case question(InputLine.Purpose, text: String = "")
    case ask(EngineRequest)
    /// The icon that is being made is no longer wanted now.
    case cancelIcon
    case effect(Effect)
}

extension State {
    /// The panes, in the order in which they are drawn.
    var panes: [any Pane] { [edits, pictures, features] }

    /// The pane that hears the keys of sliders.
    var focusedPane: any ListPane {
        switch focus {
        case .features: features
        case .edits: edits
        }
    }

    /// Lets a pane hear something, and does what it answers.
    mutating func tell<Member: Pane>(_ path: WritableKeyPath<State, Member>, _ tell: (inout Member, State) -> [PaneAnswer]) -> [Effect] {
        var pane = self[keyPath: path]
        let answers = tell(&pane, self)
        self[keyPath: path] = pane
        return answers.flatMap { carryOut($0) }
    }

    private mutating func carryOut(_ answer: PaneAnswer) -> [Effect] {
        switch answer {
        case .edits(let stack, let gesture): return change(in: gesture) { $0 = stack }
        case .focus(let focus): self.focus = focus
        case .feature(let index): features.list.select(index)
        case .graphics(let graphics): self.graphics = graphics
        case .inform(let sentence): return inform(sentence)
        case .question(let purpose, let text): return ask(purpose, text)
        case .ask(let request): return ask(request)
        case .cancelIcon: return cancel { if case .makeIcon = $0 { true } else { false } }
        case .effect(let effect): return [effect]
        }
        return []
    }

    /// Lets every pane follow what has changed.
    mutating func settlePanes() -> [Effect] {
        tell(\.features) { $0.settle($1) } + tell(\.edits) { $0.settle($1) } + tell(\.pictures) { $0.settle($1) }
    }
}

extension EditStack {
    /// The stack after a change.
    func changed(_ change: (inout EditStack) -> Void) -> EditStack {
        var stack = self
        change(&stack)
        return stack
    }
}
