import Terminal

/// What keys do with the sliders, whichever list has the focus.
enum SliderAction: String, ActionSet {
    case selectPrevious = "select-previous"
    case selectNext = "select-next"
    case stepDown = "step-down"
    case stepUp = "step-up"
    case leapDown = "leap-down"
    case leapUp = "leap-up"
    case toMinimum = "to-minimum"
    case toMaximum = "to-maximum"
    case type
    case ablate
    case reset
    case resetAll = "reset-all"
    case isolate
    case randomise
    case switchList = "switch-list"
    case showNextScope = "next-scope"
    case filter

    static let title = "Sliders"

    static let gestures: [BindingSection.Gesture] = [
        .init("Drag", "move the slider"), .init("Click", "select, or move the slider there"), .init("Double click", "reset"),
        .init("Wheel", "scroll the list"),
    ]

    var standard: (keys: [KeyPress], help: String) {
        switch self {
        case .selectPrevious: ([KeyPress(.up), .character("k")], "select the row above")
        case .selectNext: ([KeyPress(.down), .character("j")], "select the row below")
        case .stepDown: ([KeyPress(.left), .character("h")], "decrease")
        case .stepUp: ([KeyPress(.right), .character("l")], "increase")
        case .leapDown: ([KeyPress(.left, .shift), KeyPress(.pageDown)], "decrease in large steps")
        case .leapUp: ([KeyPress(.right, .shift), KeyPress(.pageUp)], "increase in large steps")
        case .toMinimum: ([KeyPress(.home)], "set to the minimum")
        case .toMaximum: ([KeyPress(.end)], "set to the maximum")
        case .type: ([.character("="), KeyPress(.enter)], "type a value, or start with a digit: 12.5, *2, x/2")
        case .ablate: ([.character("z")], "set to 0")
        case .reset: ([KeyPress(.backspace)], "reset to the picture's own value, or to 100 %")
        case .resetAll: ([.character("R")], "reset all")
        case .isolate: ([.character("i")], "keep only this feature (set the others to 0), and back")
        case .randomise: ([.character("r")], "set some features at random")
        case .switchList: ([KeyPress(.tab)], "switch between features and edits")
        case .showNextScope: ([.character("a")], "list the strongest, all or only the edited features")
        case .filter: ([.character("/")], "search by label, number or value: sun, 412, >5")
        }
    }

    func perform(on state: inout State) -> [Effect] {
        switch self {
        case .selectPrevious: state.select(rows: -1)
        case .selectNext: state.select(rows: 1)
        case .stepDown: state.step(.fineStep(-1))
        case .stepUp: state.step(.fineStep(1))
        case .leapDown: state.step(.coarseStep(-1))
        case .leapUp: state.step(.coarseStep(1))
        case .toMinimum: state.move(.toMinimum)
        case .toMaximum: state.move(.toMaximum)
        case .type: state.typeValue()
        case .ablate: state.tell(\.features) { $0.ablate($1) }
        case .reset: state.move(.toOwn)
        case .resetAll: state.resetAll()
        case .isolate: state.tell(\.features) { $0.isolate($1) }
        case .randomise: state.ask(.randomise, "5")
        case .switchList: state.switchList()
        case .showNextScope: state.tell(\.features) { pane, _ in pane.showNextScope() }
        case .filter: state.ask(.filter, state.features.list.filter.text)
        }
    }
}
