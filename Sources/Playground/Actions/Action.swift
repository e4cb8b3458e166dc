/// Everything that the user can ask for: each has a name for `config.toml`, a line in the help and a place in the command palette.
enum Action: String, Sendable, Hashable, CaseIterable {
    case selectPrevious = "select-previous"
    case selectNext = "select-next"
    case stepDown = "step-down"
    case stepUp = "step-up"
    case leapDown = "leap-down"
    case leapUp = "leap-up"
    case toMinimum = "to-minimum"
    case toMaximum = "to-maximum"
    case type
    case reset
    case resetAll = "reset-all"
    case ablate
    case isolate
    case randomise

    case switchList = "switch-list"
    case showNextScope = "next-scope"
    case filter
    case browse = "browse-library"
    case borrow
    case makeDirection = "make-direction"

    case switchEdit = "switch-edit"
    case solo
    case moveUp = "move-up"
    case moveDown = "move-down"
    case duplicate
    case delete
    case mark
    case group
    case groupAlike = "group-alike"
    case groupFeatures = "group-features"
    case saveGroup = "save-group"
    case addGroup = "add-group"

    case undo
    case redo

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
    case zoomIn = "zoom-in"
    case zoomOut = "zoom-out"
    case panLeft = "pan-left"
    case panRight = "pan-right"
    case panUp = "pan-up"
    case panDown = "pan-down"
    case fullScreen = "full-screen"
    case showNextGraphics = "next-graphics"

    case open
    case nextPicture = "next-picture"
    case previousPicture = "previous-picture"
    case switchStart = "switch-start"
    case switchInversion = "switch-inversion"
    case newSeed = "new-seed"
    case typeSeed = "type-seed"
    case lockSeed = "lock-seed"
    case steps
    case guidance

    case export
    case exportPair = "export-both"
    case exportRecipe = "export-recipe"

    case palette
    case help
    case repaint
    case suspend
    case quit
}
