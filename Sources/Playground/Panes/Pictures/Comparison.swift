import Pictures

/// How the pictures before and after are compared.
struct Comparison: Sendable, Equatable {
    enum Mode: String, Sendable, CaseIterable {
        case sideBySide, wipe, difference, before, after
    }

    /// How the two pictures of a comparison side by side are arranged.
    enum Arrangement: String, Sendable, CaseIterable {
        /// As they are largest; one alone where both would be small.
        case automatic
        case columns, rows
        /// Only the picture after, as large as it gets; the one before comes while a key is held.
        case one
    }

    /// What the picture is compared with, unless a reference is set.
    enum Origin: Sendable, Equatable {
        /// What the networks make of the picture without edits, so that an untouched picture looks untouched.
        case reconstruction
        case file
    }

    static let dividerStep = 0.05
    private static let gains = [1, 2, 4, 8, 16, 32]

    var mode = Mode.sideBySide
    var arrangement = Arrangement.automatic
    var origin = Origin.reconstruction
    /// The factor by which differences are amplified.
    private(set) var gain = 4
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

    /// Arranges the pictures in the next way; any other comparison becomes one side by side.
    mutating func showNextArrangement() {
        let place = Arrangement.allCases.firstIndex(of: arrangement) ?? 0
        if mode == .sideBySide { arrangement = Arrangement.allCases[(place + 1) % Arrangement.allCases.count] }
        mode = .sideBySide
    }

    /// Moves the wipe's divider, or changes the gain of a difference; any other comparison becomes a wipe.
    mutating func moveDivider(by share: Double) {
        if mode == .difference {
            gain = (share > 0 ? Self.gains.first { $0 > gain } : Self.gains.last { $0 < gain }) ?? gain
            return
        }
        if mode == .wipe { divider += share }
        mode = .wipe
    }

    mutating func showNextMode() {
        let place = Mode.allCases.firstIndex(of: mode) ?? 0
        mode = Mode.allCases[(place + 1) % Mode.allCases.count]
    }
}
