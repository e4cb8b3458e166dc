import Terminal

/// An action with its keys, as the help and the command palette list it.
struct Binding: Sendable, Equatable {
    let action: Action
    var keys: [KeyPress]
    let help: String

    init(_ action: Action, _ keys: KeyPress..., help: String) {
        self.action = action
        self.keys = keys
        self.help = help
    }

    /// The keys' names.
    var names: String { keys.map(\.shownName).joined(separator: " ") }
}

/// A part of the help: the keys of one subject, and what the mouse does there.
struct BindingSection: Sendable, Equatable {
    /// What a movement of the mouse does.
    struct Gesture: Sendable, Equatable {
        let name, help: String

        init(_ name: String, _ help: String) {
            self.name = name
            self.help = help
        }
    }

    let title: String
    fileprivate(set) var bindings: [Binding]
    let gestures: [Gesture]

    fileprivate init(_ title: String, _ bindings: [Binding], mouse gestures: [Gesture] = []) {
        self.title = title
        self.bindings = bindings
        self.gestures = gestures
    }
}

/// Which key does what: the one table behind the keyboard, the help, the command palette and the key bar.
struct Bindings: Sendable, Equatable {
    private(set) var sections: [BindingSection]
    private var actions: [KeyPress: Action]

    var all: [Binding] { sections.flatMap(\.bindings) }

    private init(_ sections: [BindingSection]) {
        self.sections = sections
        actions = Dictionary(
            sections.flatMap(\.bindings).flatMap { binding in binding.keys.map { ($0, binding.action) } },
            uniquingKeysWith: { first, _ in first })
    }

    func action(for press: KeyPress) -> Action? { actions[press] }

    /// The first key of an action, as the key bar shows it.
    func key(of action: Action) -> String? { all.first { $0.action == action }?.keys.first?.shownName }

    /// Gives an action other keys, and takes them from the actions that had them.
    mutating func bind(_ action: Action, to keys: [KeyPress]) {
        var changed = sections
        for section in changed.indices {
            for index in changed[section].bindings.indices {
                if changed[section].bindings[index].action == action {
                    changed[section].bindings[index].keys = keys
                } else {
                    changed[section].bindings[index].keys.removeAll(where: keys.contains)
                }
            }
        }
        self = Bindings(changed)
    }

    static let standard = Bindings([sliders, edits, compare, picture, library, session])

    private static let sliders = BindingSection(
        "Sliders",
        [
            Binding(.selectPrevious, KeyPress(.up), .character("k"), help: "select the row above"),
            Binding(.selectNext, KeyPress(.down), .character("j"), help: "select the row below"),
            Binding(.stepDown, KeyPress(.left), .character("h"), help: "decrease"),
            Binding(.stepUp, KeyPress(.right), .character("l"), help: "increase"),
            Binding(.leapDown, KeyPress(.left, .shift), KeyPress(.pageDown), help: "decrease in large steps"),
            Binding(.leapUp, KeyPress(.right, .shift), KeyPress(.pageUp), help: "increase in large steps"),
            Binding(.toMinimum, KeyPress(.home), help: "set to the minimum"),
            Binding(.toMaximum, KeyPress(.end), help: "set to the maximum"),
            Binding(.type, .character("="), KeyPress(.enter), help: "type a value, or start with a digit: 12.5, *2, x/2"),
            Binding(.ablate, .character("z"), help: "set to 0"),
            Binding(.reset, KeyPress(.backspace), help: "reset to the picture's own value, or to 100 %"),
            Binding(.resetAll, .character("R"), help: "reset all"),
            Binding(.isolate, .character("i"), help: "keep only this feature (set the others to 0), and back"),
            Binding(.randomise, .character("r"), help: "set some features at random"),
            Binding(.switchList, KeyPress(.tab), help: "switch between features and edits"),
            Binding(.showNextScope, .character("a"), help: "list the strongest, all or the edited features"),
            Binding(.filter, .character("/"), help: "search by label, number or value: sun, 412, >5"),
        ],
        mouse: [
            .init("Drag", "move the slider"), .init("Click", "select, or move the slider there"), .init("Double click", "reset"),
            .init("Wheel", "scroll the list"),
        ])

    private static let edits = BindingSection(
        "Edits",
        [
            Binding(.undo, .character("u"), help: "undo"),
            Binding(.redo, .character("U"), .character("r", .control), help: "redo"),
            Binding(.switchEdit, .character("x"), help: "switch the edit off or on"),
            Binding(.solo, .character("S"), help: "solo the edit, and back"),
            Binding(.moveUp, .character("K"), KeyPress(.up, .shift), help: "move the edit up"),
            Binding(.moveDown, .character("J"), KeyPress(.down, .shift), help: "move the edit down"),
            Binding(.duplicate, .character("D"), help: "duplicate the edit"),
            Binding(.delete, KeyPress(.delete), .character("d"), help: "delete the edit"),
            Binding(.mark, .character("T"), help: "mark the edit, to group it with others"),
            Binding(.group, .character("G"), help: "group the marked edits, or rename the group"),
            Binding(.groupFeatures, .character("P"), help: "group all features of the picture"),
            Binding(.groupAlike, .character("A"), help: "group the features most similar to this one"),
        ],
        mouse: [.init("Click", "select; on the mark, switch off or on"), .init("Drag", "change the strength")])

    private static let compare = BindingSection(
        "Compare",
        [
            Binding(.peek, .character(" "), help: "hold to show the picture before"),
            Binding(.toggleBefore, .character("b"), help: "show the picture before, and back"),
            Binding(.showNextComparison, .character("v"), help: "compare by wipe, by difference or one at a time"),
            Binding(.compareSideBySide, help: "compare side by side"),
            Binding(.compareByWipe, help: "compare by wipe"),
            Binding(.compareByDifference, help: "compare by difference"),
            Binding(.showBeforeOnly, help: "show only the picture before"),
            Binding(.showAfterOnly, help: "show only the picture after"),
            Binding(.moveDividerLeft, .character("{"), help: "move the wipe divider left"),
            Binding(.moveDividerRight, .character("}"), help: "move the wipe divider right"),
            Binding(.markBefore, .character("m"), help: "set the picture as it is now as the reference"),
            Binding(.unmarkBefore, .character("M"), help: "clear the reference: compare with the original"),
            Binding(.zoomIn, .character(">"), help: "zoom in"),
            Binding(.zoomOut, .character("<"), help: "zoom out"),
            Binding(.panLeft, KeyPress(.left, .control), help: "pan left"),
            Binding(.panRight, KeyPress(.right, .control), help: "pan right"),
            Binding(.panUp, KeyPress(.up, .control), help: "pan up"),
            Binding(.panDown, KeyPress(.down, .control), help: "pan down"),
            Binding(.fullScreen, .character("F"), help: "show the pictures full screen, and back"),
            Binding(.showNextGraphics, .character("g"), help: "switch the graphics: kitty, sixel, blocks, characters"),
        ],
        mouse: [
            .init("Drag", "pan, or move the wipe divider"), .init("Wheel", "zoom"),
            .init("Right button", "hold to show the picture before"),
        ])

    private static let picture = BindingSection(
        "Picture",
        [
            Binding(.open, .character("o"), help: "open a picture or a recipe"),
            Binding(.nextPicture, .character("]"), help: "open the next picture in the folder"),
            Binding(.previousPicture, .character("["), help: "open the previous picture in the folder"),
            Binding(.switchStart, .character("n"), help: "start from the picture or from noise"),
            Binding(.switchInversion, help: "switch between exact and plain inversion"),
            Binding(.newSeed, .character("N"), help: "draw a new seed"),
            Binding(.typeSeed, help: "type the seed"),
            Binding(.lockSeed, .character("L"), help: "lock or unlock the seed"),
            Binding(.steps, .character("t"), help: "set the number of steps"),
            Binding(.guidance, .character("c"), help: "set the guidance"),
        ])

    private static let library = BindingSection(
        "Library",
        [
            Binding(.browse, .character("B"), help: "find any feature of the pack and add it"),
            Binding(.borrow, .character("O"), help: "transfer features from another picture"),
            Binding(.makeDirection, .character("w"), help: "make a direction from one or two phrases: day > night"),
            Binding(.saveGroup, help: "save the group in the library"),
            Binding(.addGroup, .character("p"), help: "add a saved group"),
        ])

    private static let session = BindingSection(
        "Session",
        [
            Binding(.export, .character("s"), help: "save the picture"),
            Binding(.exportPair, .character("e"), help: "save both pictures side by side"),
            Binding(.exportRecipe, .character("E"), help: "save only the recipe"),
            Binding(.palette, .character(":"), help: "command palette"),
            Binding(.help, .character("?"), KeyPress(.function(1)), help: "help"),
            Binding(.repaint, .character("l", .control), help: "redraw the screen"),
            Binding(.suspend, .character("z", .control), help: "suspend; fg in the shell resumes"),
            Binding(.quit, .character("q"), .character("c", .control), help: "quit"),
        ])
}
