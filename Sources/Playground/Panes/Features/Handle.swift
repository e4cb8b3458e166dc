import Steering
import Terminal

/// What a slider moves.
enum Handle: Sendable, Hashable {
    /// A feature's activation.
    case feature(Int)
    /// The strength of an edit or of a group.
    case strength(EditPart)
}

/// A slider held by the mouse.
struct Drag: Sendable, Equatable {
    let handle: Handle
    /// How many columns the pointer was right of the knob when it took hold, so that the knob does not jump to it.
    let grip: Int
    /// Where the bar was then: icons that come meanwhile move it, but not the hand.
    let bar: Rectangle
}
