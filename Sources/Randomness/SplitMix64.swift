/// The SplitMix64 generator (Steele, Lea and Flood 2014), so that a seed means the same on every machine and toolchain.
public struct SplitMix64: RandomNumberGenerator, Sendable, Equatable {
    /// The step between two states: 2⁶⁴ over the golden ratio.
    public static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= Self.step
        return Self.mixed(state)
    }

    /// Spreads neighbouring numbers over all of them.
    public static func mixed(_ number: UInt64) -> UInt64 {
        var bits = number
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
