import Pictures

/// How the pictures before and after are compared.
struct Comparison: Sendable, Equatable {
    enum Mode: String, Sendable, CaseIterable {
        case sideBySide, wipe, difference, before, after
    }

    static let dividerStep = 0.05
    /// The gain with which differences are shown.
    static let amplification = 4

    var mode = Mode.sideBySide
    /// The place of the wipe's divider, as a share of the width, 0 to 1.
    var divider = 0.5 {
        didSet { divider = min(max(divider, 0), 1) }
    }
    var viewport = Viewport()
    /// Whether the pictures are shown full screen.
    var isFullScreen = false
    /// Whether the picture before is shown in place of the one after.
    var showsBefore = false
    /// The same, while a key or a button is held.
    var isPeeking = false
    /// The picture that the user set as the reference; nil for the original.
    var marked: Picture?

    /// Whether the picture before is shown where the one after would be.
    var hidesAfter: Bool { showsBefore || isPeeking || mode == .before }

    /// Moves the wipe's divider, and switches to the wipe if another comparison is shown.
    mutating func moveDivider(by share: Double) {
        if mode == .wipe { divider += share }
        mode = .wipe
    }

    mutating func showNextMode() {
        let place = Mode.allCases.firstIndex(of: mode) ?? 0
        mode = Mode.allCases[(place + 1) % Mode.allCases.count]
    }
}
