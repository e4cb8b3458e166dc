import Pictures

/// Small pictures of what each listed feature does, made one by one while the engine is idle.
struct Icons: Sendable, Equatable {
    /// Each feature's icon: the effect of its maximum.
    private(set) var pictures: [Int: Picture] = [:]
    /// The feature whose icon is being made.
    private(set) var inProgress: Int?
    /// Whether icons cannot be made with this library or pack.
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
