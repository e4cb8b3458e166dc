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

/// SplitMix64 (Steele, Lea and Flood 2014): random numbers that are part of the state, so that a session can be played again.
struct RandomNumbers: RandomNumberGenerator, Sendable, Equatable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
