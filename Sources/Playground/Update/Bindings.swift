import Terminal

/// Keys, what they do, and how the help and the command palette tell it.
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

/// Which key does what: the one table behind the keyboard, the help, the command palette and the key bar.
struct Bindings: Sendable, Equatable {
    private(set) var all: [Binding]
    private var actions: [KeyPress: Action]

    private init(_ all: [Binding]) {
        self.all = all
        actions = Dictionary(
            all.flatMap { binding in binding.keys.map { ($0, binding.action) } }, uniquingKeysWith: { first, _ in first })
    }

    func action(for press: KeyPress) -> Action? { actions[press] }

    /// The first key of an action, as the key bar shows it.
    func key(of action: Action) -> String? { all.first { $0.action == action }?.keys.first?.shownName }

    /// Gives an action other keys, and takes them from the actions that had them.
    mutating func bind(_ action: Action, to keys: [KeyPress]) {
        var changed = all
        for index in changed.indices {
            if changed[index].action == action {
                changed[index].keys = keys
            } else {
                changed[index].keys.removeAll(where: keys.contains)
            }
        }
        self = Bindings(changed)
    }

    static let standard = Bindings([
        Binding(.selectPrevious, KeyPress(.up), .character("k"), help: "the row above"),
        Binding(.selectNext, KeyPress(.down), .character("j"), help: "the row below"),
        Binding(.stepDown, KeyPress(.left), .character("h"), help: "a little less of it"),
        Binding(.stepUp, KeyPress(.right), .character("l"), help: "a little more of it"),
        Binding(.leapDown, KeyPress(.left, .shift), KeyPress(.pageDown), help: "much less of it"),
        Binding(.leapUp, KeyPress(.right, .shift), KeyPress(.pageUp), help: "much more of it"),
        Binding(.toMinimum, KeyPress(.home), help: "none of it"),
        Binding(.toMaximum, KeyPress(.end), help: "as much as the slider goes"),
        Binding(.type, .character("="), KeyPress(.enter), help: "type a value, or begin with a digit: 12.5, *2, x/2"),
        Binding(.reset, KeyPress(.backspace), help: "back to the picture's own value, or to 100 %"),
        Binding(.resetAll, .character("R"), help: "reset all"),
        Binding(.ablate, .character("z"), help: "take this feature away: set it to 0"),
        Binding(.isolate, .character("i"), help: "only this feature: all others to 0, and back"),
        Binding(.randomise, .character("r"), help: "set some features at random"),
        Binding(.undo, .character("u"), help: "undo"),
        Binding(.redo, .character("U"), .character("r", .control), help: "redo"),

        Binding(.switchList, KeyPress(.tab), help: "go between features and edits"),
        Binding(.showNextScope, .character("a"), help: "list the strongest, all, the edited"),
        Binding(.filter, .character("/"), help: "search by label, number or value: sun, 412, >5"),
        Binding(.browse, .character("B"), help: "find any feature of the pack by name, and add it"),
        Binding(.borrow, .character("O"), help: "borrow what another picture shows"),
        Binding(.makeDirection, .character("w"), help: "make a direction from two phrases, or one: day > night"),

        Binding(.switchEdit, .character("x"), help: "switch its edit off and on"),
        Binding(.solo, .character("S"), help: "this edit alone, and all again"),
        Binding(.moveUp, .character("K"), KeyPress(.up, .shift), help: "move the edit up"),
        Binding(.moveDown, .character("J"), KeyPress(.down, .shift), help: "move the edit down"),
        Binding(.duplicate, .character("D"), help: "duplicate the edit"),
        Binding(.delete, KeyPress(.delete), .character("d"), help: "delete the edit"),
        Binding(.mark, .character("T"), help: "mark the edit, to put all that are marked into a group"),
        Binding(.group, .character("G"), help: "put the edit into a group, or rename the group"),
        Binding(.groupAlike, .character("A"), help: "all like this: a group of the features most like it"),
        Binding(.groupFeatures, .character("P"), help: "divide the picture's features into a few groups"),
        Binding(.saveGroup, help: "keep the edit's group with the pack"),
        Binding(.addGroup, .character("p"), help: "add a group that is kept with the pack"),

        Binding(.peek, .character(" "), help: "hold to see the picture before in place"),
        Binding(.toggleBefore, .character("b"), help: "the picture before in place, and back"),
        Binding(.showNextComparison, .character("v"), help: "compare otherwise: wipe, difference, one alone"),
        Binding(.compareSideBySide, help: "compare side by side"),
        Binding(.compareByWipe, help: "compare by wiping"),
        Binding(.compareByDifference, help: "compare by difference"),
        Binding(.showBeforeOnly, help: "show the picture before alone"),
        Binding(.showAfterOnly, help: "show the picture after alone"),
        Binding(.moveDividerLeft, .character("{"), help: "move the wipe's divider left"),
        Binding(.moveDividerRight, .character("}"), help: "move the wipe's divider right"),
        Binding(.markBefore, .character("m"), help: "compare with the picture as it is now"),
        Binding(.unmarkBefore, .character("M"), help: "compare with the original again"),
        Binding(.zoomIn, .character(">"), help: "look closer"),
        Binding(.zoomOut, .character("<"), help: "see more"),
        Binding(.panLeft, KeyPress(.left, .control), help: "look further left"),
        Binding(.panRight, KeyPress(.right, .control), help: "look further right"),
        Binding(.panUp, KeyPress(.up, .control), help: "look further up"),
        Binding(.panDown, KeyPress(.down, .control), help: "look further down"),
        Binding(.fullScreen, .character("F"), help: "the pictures on the whole screen, and back"),
        Binding(.showNextGraphics, .character("g"), help: "another way of showing pictures"),

        Binding(.open, .character("o"), help: "open a picture or a recipe"),
        Binding(.nextPicture, .character("]"), help: "the next picture of the folder"),
        Binding(.previousPicture, .character("["), help: "the previous picture of the folder"),
        Binding(.switchStart, .character("n"), help: "begin at the picture's inversion, or at noise"),
        Binding(.switchInversion, help: "invert so that the picture comes back exactly, or plainly as diffusers does"),
        Binding(.newSeed, .character("N"), help: "another seed for the noise"),
        Binding(.typeSeed, help: "type the seed for the noise"),
        Binding(.lockSeed, .character("L"), help: "lock the seed, and unlock it"),
        Binding(.steps, .character("t"), help: "type the number of steps"),
        Binding(.guidance, .character("c"), help: "type the guidance"),

        Binding(.export, .character("s"), help: "save the picture beside its input"),
        Binding(.exportPair, .character("e"), help: "save both pictures side by side"),
        Binding(.exportRecipe, .character("E"), help: "save the recipe alone"),

        Binding(.palette, .character(":"), help: "do anything by its name"),
        Binding(.help, .character("?"), KeyPress(.function(1)), help: "this help"),
        Binding(.repaint, .character("l", .control), help: "draw the screen anew"),
        Binding(.suspend, .character("z", .control), help: "to the shell, from where fg comes back"),
        Binding(.quit, .character("q"), .character("c", .control), help: "quit"),
    ])
}
