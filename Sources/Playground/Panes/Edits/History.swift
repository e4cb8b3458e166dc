import Steering

/// What the user makes of a picture: everything that undo brings back.
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

/// The work with everything that can be undone and redone.
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

    /// Whether it is more than a picture that was looked at: there are edits, a seed, or changes to take back or to make again.
    var isWorthKeeping: Bool { !work.stack.isEmpty || work.settings.beginsWithNoise || !past.isEmpty || !future.isEmpty }

    /// Changes the work; a change of the gesture in progress joins its undo step, any other makes a new one.
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

    /// Ends the gesture in progress: the next change is undone by itself.
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
