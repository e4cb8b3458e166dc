import Steering

/// What the user makes of a picture: everything that undo brings back.
struct Work: Sendable, Equatable {
    var stack = EditStack()
    var settings = Settings()
}
