import Foundation

/// How often a feature had activations of each size, in 64 ranges of which four double the activation.
///
/// The ranges depend on nothing, so that histograms of several shards add up exactly.
public struct ActivationHistogram: Sendable, Equatable {
    public static let rangeCount = 64

    public let counts: [UInt32]

    /// The least activation of a range; the first range also holds everything below.
    public static func lowerBound(of range: Int) -> Float { Float(bitPattern: (firstKey + UInt32(range)) << keyShift) }

    /// The range that holds a positive activation.
    static func range(of activation: Float) -> Int {
        min(max(Int(activation.bitPattern >> keyShift) - Int(firstKey), 0), rangeCount - 1)
    }

    // The exponent of a Float and the two highest bits of its fraction; the first range begins at 1/256.
    private static let keyShift: UInt32 = 21
    private static let firstKey = Float(1.0 / 256).bitPattern >> keyShift

    init(counts: some Sequence<UInt32>) {
        self.counts = Array(counts)
    }

    /// From 32-bit little-endian numbers; nil when they are not as many as there are ranges.
    init?(_ data: Data) {
        guard let counts = [UInt32](littleEndian: data), counts.count == Self.rangeCount else { return nil }
        self.counts = counts
    }

    var data: Data { counts.littleEndianData }
}
