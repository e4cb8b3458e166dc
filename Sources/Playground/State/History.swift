import Steering

/// The work on a picture: everything that undo restores.
struct Work: Sendable, Equatable {
    var stack = EditStack()
    var settings = Settings()

    init(stack: EditStack = EditStack(), settings: Settings = Settings()) {
        self.stack = stack
        self.settings = settings
    }

    init(_ recipe: Recipe) {
        self.init(stack: recipe.stack, settings: Settings(sampling: recipe.sampling))
    }
}

/// The work on a picture with its undo and redo history.
struct History: Sendable, Equatable {
    /// Changes that belong together and are undone in one go.
    enum Gesture: Sendable, Equatable {
        case steps(Handle)
        case drag(Handle)
    }

    private(set) var work: Work
    private var past: [Work] = []
    private var future: [Work] = []
    private var gesture: Gesture?

    init(_ work: Work = Work()) {
        self.work = work
    }

    /// Whether there is anything worth keeping: edits, a seed, or changes to undo or redo.
    var isWorthKeeping: Bool { !work.stack.isEmpty || work.settings.beginsWithNoise || !past.isEmpty || !future.isEmpty }

    /// Changes the work; a change within the gesture in progress joins its undo step, any other makes a new one.
    /// - Returns: whether anything is different now.
    mutating func change(in gesture: Gesture? = nil, _ edit: (inout Work) -> Void) -> Bool {
        var changed = work
        edit(&changed)
        guard changed != work else { return false }
        if gesture == nil || gesture != self.gesture { past.append(work) }
        self.gesture = gesture
        future = []
        work = changed
        return true
    }

    /// Ends the gesture in progress: the next change is a new undo step.
    mutating func endGesture() { gesture = nil }

    /// - Returns: whether there was something to undo.
    mutating func undo() -> Bool {
        guard let previous = past.popLast() else { return false }
        future.append(work)
        work = previous
        gesture = nil
        return true
    }

    /// - Returns: whether there was something to redo.
    mutating func redo() -> Bool {
        guard let next = future.popLast() else { return false }
        past.append(work)
        work = next
        gesture = nil
        return true
    }
}
