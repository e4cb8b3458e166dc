import Randomness

/// The same random numbers on every run and machine.
public typealias SeededGenerator = SplitMix64
