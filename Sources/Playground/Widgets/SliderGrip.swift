import Terminal

/// The mouse at the bars of a list of sliders: it takes hold of a knob, drags it, and clicks twice.
struct SliderGrip: Sendable, Equatable {
    /// A slider being dragged.
    private struct Drag: Sendable, Equatable {
        let handle: Handle
        /// How many columns the pointer was right of the knob when it took hold, so that the knob does not jump to it.
        let grip: Int
        /// Where the bar was then: icons that come meanwhile move it, but not the hand.
        let bar: Rectangle
    }

    /// What a press of the button does.
    enum Press: Sendable, Equatable {
        /// It is the second of two clicks.
        case doubleClick
        /// It takes hold of the knob, which comes to a column of the bar; nil leaves it where it is.
        case hold(column: Int?)
    }

    private static let doubleClickSeconds = 0.4
    /// After this, a second click no longer makes a double click.
    static let doubleClickTimer = Effect.startTimer(.doubleClick, seconds: doubleClickSeconds)

    private var drag: Drag?
    /// The slider that was just clicked; another click makes a double click.
    private var clicked: Handle?

    var isHolding: Bool { drag != nil }

    /// The slider being dragged.
    var held: Handle? { drag?.handle }

    /// Presses the button at a slider.
    /// - Parameter knob: the column of the bar in which the knob is.
    /// - Returns: nil beside the bar.
    mutating func press(_ event: MouseEvent, at handle: Handle, bar: Rectangle, knob: Int) -> Press? {
        guard bar.contains(event) else { return nil }
        if clicked == handle {
            clicked = nil
            return .doubleClick
        }
        let grip = event.column - bar.column - knob
        let isOnKnob = abs(grip) <= 1
        clicked = handle
        drag = Drag(handle: handle, grip: isOnKnob ? grip : 0, bar: bar)
        return .hold(column: isOnKnob ? nil : grip + knob)
    }

    /// The slider that is dragged, the columns of its bar, and the one to which the pointer brings the knob.
    func pull(_ event: MouseEvent) -> (handle: Handle, columns: Int, column: Int)? {
        drag.map { ($0.handle, $0.bar.columns, event.column - $0.bar.column - $0.grip) }
    }

    mutating func letGo() { drag = nil }

    mutating func forgetClick() { clicked = nil }
}

extension Rectangle {
    /// Whether the pointer is inside.
    func contains(_ event: MouseEvent) -> Bool { contains(column: event.column, row: event.row) }
}
