/// What lies over the screen and takes the keys.
enum Overlay: Sendable, Equatable {
    /// The help, scrolled down by some rows.
    case help(top: Int)
    case palette(Palette)
    case prompt(Prompt)
    /// The list of keys is not typed into.
    var takesText: Bool {
        if case .help = self { false } else { true }
    }
}
