import Steering

/// The edit stack with everything that can be undone and redone.
struct History: Sendable, Equatable {
    /// Changes that belong together and are undone in one go.
    enum Gesture: Sendable, Equatable {
        case steps(feature: Int)
        case drag(feature: Int)
    }

    private(set) var stack = EditStack()
    private var past: [EditStack] = []
    private var future: [EditStack] = []
    private var gesture: Gesture?

    /// Changes the stack; a change of the gesture in progress joins its undo step, any other makes a new one.
    /// - Returns: whether anything is different now.
    mutating func change(in gesture: Gesture? = nil, _ edit: (inout EditStack) -> Void) -> Bool {
        var changed = stack
        edit(&changed)
        guard changed != stack else { return false }
        if gesture == nil || gesture != self.gesture { past.append(stack) }
        self.gesture = gesture
        future = []
        stack = changed
        return true
    }

    /// Ends the gesture in progress: the next change is undone by itself.
    mutating func endGesture() { gesture = nil }

    /// - Returns: whether there was something to undo.
    mutating func undo() -> Bool {
        guard let previous = past.popLast() else { return false }
        future.append(stack)
        stack = previous
        gesture = nil
        return true
    }

    /// - Returns: whether there was something to redo.
    mutating func redo() -> Bool {
        guard let next = future.popLast() else { return false }
        past.append(stack)
        stack = next
        gesture = nil
        return true
    }
}
