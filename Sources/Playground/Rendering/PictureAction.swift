import Terminal

/// What keys do with the picture to steer and the way it is made.
enum PictureAction: String, ActionSet {
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

    static let title = "Picture"

    var standard: (keys: [KeyPress], help: String) {
        switch self {
        case .open: ([.character("o")], "open a picture or a recipe")
        case .nextPicture: ([.character("]")], "open the next picture in the folder")
        case .previousPicture: ([.character("[")], "open the previous picture in the folder")
        case .switchStart: ([.character("n")], "start from the picture or from noise")
        case .switchInversion: ([], "switch between exact and plain inversion")
        case .newSeed: ([.character("N")], "draw a new seed")
        case .typeSeed: ([], "type the seed")
        case .lockSeed: ([.character("L")], "lock or unlock the seed")
        case .steps: ([.character("t")], "set the number of steps")
        case .guidance: ([.character("c")], "set the guidance")
        }
    }

    func perform(on state: inout State) -> [Effect] {
        switch self {
        case .open: state.ask(.open)
        case .nextPicture: state.openNeighbour(isNext: true)
        case .previousPicture: state.openNeighbour(isNext: false)
        case .switchStart: state.switchStart()
        case .switchInversion: state.switchInversion()
        case .newSeed: state.takeNewSeed()
        case .typeSeed: state.ask(.seed, String(state.settings.seed))
        case .lockSeed: state.lockSeed()
        case .steps: state.ask(.steps, String(state.settings.sampling.steps))
        case .guidance: state.ask(.guidance, Float(state.settings.sampling.guidance).short)
        }
    }
}
