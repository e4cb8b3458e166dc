/// What the user can ask for with one key.
enum Action: Sendable, Hashable {
    case selectPrevious, selectNext
    case stepDown, stepUp
    case leapDown, leapUp
    case toMinimum, toMaximum
    case type
    case reset, resetAll, switchEdit
    case undo, redo
    case toggleBefore, showNextScope, showNextGraphics
    case export
    case repaint, help, suspend, quit
}
