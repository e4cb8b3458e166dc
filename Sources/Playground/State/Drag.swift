/// A slider held by the mouse.
struct Drag: Sendable, Equatable {
    let feature: Int
    /// How many columns the pointer was right of the knob when it took hold, so that the knob does not jump to it.
    let grip: Int
}
