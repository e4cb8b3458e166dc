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
