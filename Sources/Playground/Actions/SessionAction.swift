import Terminal

/// What keys do with the session: saving, finding commands, leaving.
enum SessionAction: String, ActionSet {
    case export
    case exportPair = "export-both"
    case exportRecipe = "export-recipe"
    case exportAs = "save-as"
    case jobs
    case messages
    case palette
    case help
    case repaint
    case suspend
    case quit

    static let title = "Session"

    var standard: (keys: [KeyPress], help: String) {
        switch self {
        case .export: ([.character("s")], "save the picture")
        case .exportPair: ([.character("e")], "save both pictures side by side")
        case .exportRecipe: ([.character("E")], "save only the recipe")
        case .exportAs: ([], "save the picture in another place")
        case .jobs: ([.character("Q")], "the queue of jobs")
        case .messages: ([], "read the messages again")
        case .palette: ([.character(":")], "command palette")
        case .help: ([.character("?"), KeyPress(.function(1))], "help")
        case .repaint: ([.character("l", .control)], "redraw the screen")
        case .suspend: ([.character("z", .control)], "suspend; fg in the shell resumes")
        case .quit: ([.character("q"), .character("c", .control)], "quit")
        }
    }

    func perform(on state: inout State) -> [Effect] {
        switch self {
        case .export: state.export(.picture)
        case .exportPair: state.export(.pair)
        case .exportRecipe: state.exportRecipe()
        case .exportAs: state.exportAs()
        case .jobs: state.openJobs()
        case .messages: state.show(Messages())
        case .palette: state.show(CommandPalette())
        case .help: state.show(Help())
        case .repaint, .suspend, .quit: effectAnywhere.map { [$0] } ?? []
        }
    }

    /// The effect of an action that works everywhere; while an overlay is open, only by a key with Control, since other keys are the overlay's.
    var effectAnywhere: Effect? {
        switch self {
        case .repaint: .repaint
        case .suspend: .suspend
        case .quit: .quit
        case .export, .exportPair, .exportRecipe, .exportAs, .jobs, .messages, .palette, .help: nil
        }
    }
}
