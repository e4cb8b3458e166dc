import Terminal

/// What keys do with the edit stack.
enum EditAction: String, ActionSet {
    case undo
    case redo
    case switchEdit = "switch-edit"
    case solo
    case moveUp = "move-up"
    case moveDown = "move-down"
    case duplicate
    case delete
    case mark
    case group
    case groupFeatures = "group-features"
    case groupAlike = "group-alike"

    static let title = "Edits"

    static let gestures: [BindingSection.Gesture] = [
        .init("Click", "select; on the mark, switch off or on"), .init("Drag", "change the strength"),
    ]

    var standard: (keys: [KeyPress], help: String) {
        switch self {
        case .undo: ([.character("u")], "undo")
        case .redo: ([.character("U"), .character("r", .control)], "redo")
        case .switchEdit: ([.character("x")], "switch the edit off or on")
        case .solo: ([.character("S")], "solo the edit, and back")
        case .moveUp: ([.character("K"), KeyPress(.up, .shift)], "move the edit up")
        case .moveDown: ([.character("J"), KeyPress(.down, .shift)], "move the edit down")
        case .duplicate: ([.character("D")], "duplicate the edit")
        case .delete: ([KeyPress(.delete), .character("d")], "delete the edit")
        case .mark: ([.character("T")], "mark the edit, to group it with others")
        case .group: ([.character("G")], "group the marked edits, or rename the group")
        case .groupFeatures: ([.character("P")], "group all features of the picture")
        case .groupAlike: ([.character("A")], "group the features most similar to this one")
        }
    }

    func perform(on state: inout State) -> [Effect] {
        switch self {
        case .undo: state.undo()
        case .redo: state.redo()
        case .switchEdit: state.focus == .edits ? state.tell(\.edits) { $0.toggle($1) } : state.tell(\.features) { $0.switchEdits($1) }
        case .solo: state.tell(\.edits) { $0.solo($1) }
        case .moveUp: state.tell(\.edits) { $0.move(down: false, $1) }
        case .moveDown: state.tell(\.edits) { $0.move(down: true, $1) }
        case .duplicate: state.tell(\.edits) { $0.duplicate($1) }
        case .delete: state.tell(\.edits) { $0.delete($1) }
        case .mark: state.tell(\.edits) { $0.mark($1) }
        case .group: state.tell(\.edits) { $0.askForGroup($1) }
        case .groupFeatures: state.askForGrouping()
        case .groupAlike: state.askForAlike()
        }
    }
}
