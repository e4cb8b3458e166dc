import Terminal

/// Actions that bring in features from the library, from other pictures and from words.
enum LibraryAction: String, ActionSet {
    case browse = "browse-library"
    case borrow
    case makeDirection = "make-direction"
    case saveGroup = "save-group"
    case addGroup = "add-group"

    static let title = "Library"

    var standard: (keys: [KeyPress], help: String) {
        switch self {
        case .browse: ([.character("B")], "find any feature of the pack and add it")
        case .borrow: ([.character("O")], "transfer features from another picture")
        case .makeDirection: ([.character("w")], "make a direction from one or two phrases: day > night")
        case .saveGroup: ([], "save the group in the library")
        case .addGroup: ([.character("p")], "add a saved group")
        }
    }

    func perform(on state: inout State) -> [Effect] {
        switch self {
        case .browse: state.openBrowser()
        case .borrow: state.askForDonor()
        case .makeDirection: state.ask(.direction)
        case .saveGroup: state.saveGroup()
        case .addGroup: state.askForGroups()
        }
    }
}
