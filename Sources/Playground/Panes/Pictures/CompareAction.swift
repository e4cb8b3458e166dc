import Terminal

/// What keys do with the pictures on the screen.
enum CompareAction: String, ActionSet {
    case peek
    case toggleBefore = "toggle-before"
    case showNextComparison = "next-comparison"
    case compareSideBySide = "side-by-side"
    case compareByWipe = "wipe"
    case compareByDifference = "difference"
    case showBeforeOnly = "before-only"
    case showAfterOnly = "after-only"
    case moveDividerLeft = "divider-left"
    case moveDividerRight = "divider-right"
    case markBefore = "mark-before"
    case unmarkBefore = "unmark-before"
    case switchOrigin = "switch-before"
    case arrange = "next-arrangement"
    case zoomIn = "zoom-in"
    case zoomOut = "zoom-out"
    case panLeft = "pan-left"
    case panRight = "pan-right"
    case panUp = "pan-up"
    case panDown = "pan-down"
    case fullScreen = "full-screen"
    case showNextGraphics = "next-graphics"

    static let title = "Compare"

    static let gestures: [BindingSection.Gesture] = [
        .init("Drag", "pan, or move the wipe divider"), .init("Wheel", "zoom"), .init("Right button", "hold to show the picture before"),
    ]

    var standard: (keys: [KeyPress], help: String) {
        switch self {
        case .peek: ([.character(" ")], "hold to show the picture before")
        case .toggleBefore: ([.character("b")], "show the picture before, and back")
        case .showNextComparison: ([.character("v")], "compare by wipe, by difference or one at a time")
        case .compareSideBySide: ([], "compare side by side")
        case .compareByWipe: ([], "compare by wipe")
        case .compareByDifference: ([], "compare by difference")
        case .showBeforeOnly: ([], "show only the picture before")
        case .showAfterOnly: ([], "show only the picture after")
        case .moveDividerLeft: ([.character("{")], "wipe divider left, or a difference with less gain")
        case .moveDividerRight: ([.character("}")], "wipe divider right, or a difference with more gain")
        case .markBefore: ([.character("m")], "set the picture as it is now as the reference")
        case .unmarkBefore: ([.character("M")], "clear the reference: compare with the original")
        case .switchOrigin: ([.character("C")], "compare with the file or with its reconstruction")
        case .arrange: ([.character("V")], "arrange the pictures: beside, stacked, one large")
        case .zoomIn: ([.character(">")], "zoom in")
        case .zoomOut: ([.character("<")], "zoom out")
        case .panLeft: ([KeyPress(.left, .control)], "pan left")
        case .panRight: ([KeyPress(.right, .control)], "pan right")
        case .panUp: ([KeyPress(.up, .control)], "pan up")
        case .panDown: ([KeyPress(.down, .control)], "pan down")
        case .fullScreen: ([.character("F")], "show the pictures full screen, and back")
        case .showNextGraphics: ([.character("g")], "switch the graphics: kitty, sixel, blocks, characters")
        }
    }

    func perform(on state: inout State) -> [Effect] { state.tell(\.pictures) { $0.perform(self, $1) } }
}
