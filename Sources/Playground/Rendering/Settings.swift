import Steering

/// The settings of sampling.
struct Settings: Sendable, Equatable {
    var sampling: Sampling
    /// The seed of the noise, also while rendering begins at the inversion.
    private(set) var seed: UInt64 = 0

    init(sampling: Sampling = Sampling()) {
        self.sampling = sampling
        if case .noise(let seed) = sampling.start { self.seed = seed }
    }

    var beginsWithNoise: Bool {
        if case .noise = sampling.start { true } else { false }
    }

    mutating func begin(withNoise: Bool) { sampling.start = withNoise ? .noise(seed: seed) : .inversion }

    mutating func setSeed(_ seed: UInt64) {
        self.seed = seed
        if beginsWithNoise { sampling.start = .noise(seed: seed) }
    }
}
