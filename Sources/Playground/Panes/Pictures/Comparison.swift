import Pictures

/// How the picture before and the picture after are put beside each other.
struct Comparison: Sendable, Equatable {
    enum Mode: String, Sendable, CaseIterable {
        case sideBySide, wipe, difference, before, after
    }

    static let dividerStep = 0.05
    /// How many times larger differences are shown than they are.
    static let amplification = 4

    var mode = Mode.sideBySide
    /// How much of the width the picture before takes in a wipe, 0 to 1.
    var divider = 0.5 {
        didSet { divider = min(max(divider, 0), 1) }
    }
    var viewport = Viewport()
    /// Whether the pictures have the screen to themselves.
    var isFullScreen = false
    /// Whether the picture before stands in the place of the one after until further notice.
    var showsBefore = false
    /// Whether it does while a key or a button is held.
    var isPeeking = false
    /// The picture that the user marked as the new "before"; nil is the original.
    var marked: Picture?

    /// Whether only the picture before is to be seen where the one after would be.
    var hidesAfter: Bool { showsBefore || isPeeking || mode == .before }

    mutating func showNextMode() {
        let place = Mode.allCases.firstIndex(of: mode) ?? 0
        mode = Mode.allCases[(place + 1) % Mode.allCases.count]
    }
}
