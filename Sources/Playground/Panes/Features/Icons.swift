import Pictures

/// What the features on the screen do, as small pictures, which are made one by one while nothing else is to be done.
struct Icons: Sendable, Equatable {
    /// What each feature does at its strongest.
    private(set) var pictures: [Int: Picture] = [:]
    /// The feature whose icon is being made.
    private(set) var inProgress: Int?
    /// Whether there is no use in trying on: the library or the pack does not allow it.
    private(set) var haveFailed = false

    /// The first of some features that has no icon yet.
    func next(among features: [Int]) -> Int? {
        haveFailed ? nil : features.first { pictures[$0] == nil }
    }

    mutating func begin(_ feature: Int) { inProgress = feature }

    mutating func stop() { inProgress = nil }

    mutating func finish(_ feature: Int, _ picture: Picture) {
        pictures[feature] = picture
        if inProgress == feature { inProgress = nil }
    }

    mutating func fail() {
        inProgress = nil
        haveFailed = true
    }
}
