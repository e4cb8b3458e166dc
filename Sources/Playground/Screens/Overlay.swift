/// What lies over the screen and takes the keys.
enum Overlay: Sendable, Equatable {
    /// The help, scrolled down by some rows.
    case help(top: Int)
    case palette(Palette)
    case prompt(Prompt)
    case browser(Browser)
    case groups(GroupList)
    case borrowing(Borrowing)
    /// Whether letters are letters there, and no keys.
    var takesText: Bool {
        switch self {
        case .help, .groups, .borrowing: false
        case .palette, .prompt, .browser: true
        }
    }
}
