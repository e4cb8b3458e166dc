/// For each sample of a resized line, which samples of the original it mixes and in which parts.
///
/// Weights are integers, 2²² standing for 1: the arithmetic is Pillow's (`Resample.c`), so that results are equal bit for bit.
struct ResamplingWeights {
    /// Bits after the point; 8 more hold a sample and 2 the overshoot.
    static let precision: Int32 = 32 - 8 - 2

    /// The original samples that a resized one mixes, and where its weights begin in `weights`.
    struct Span {
        let source: Range<Int>
        let firstWeight: Int
    }

    private(set) var spans: [Span] = []
    private(set) var weights: [Int32] = []

    /// The weights that take a line from `source` to `target` samples; when it shrinks, the filter widens to cover every sample.
    init(from source: Int, to target: Int, filter: ResamplingFilter) {
        let scale = Double(source) / Double(target)
        let widening = max(scale, 1)
        let narrowing = 1 / widening
        let support = filter.support * widening
        for index in 0..<target {
            let center = (Double(index) + 0.5) * scale
            let first = max(0, Int(center - support + 0.5))
            let end = min(source, Int(center + support + 0.5))
            let raw = (first..<end).map { filter.weight(at: (Double($0) - center + 0.5) * narrowing) }
            let sum = raw.reduce(0, +)
            spans.append(Span(source: first..<end, firstWeight: weights.count))
            weights += raw.map { Self.fixed(sum == 0 ? $0 : $0 / sum) }
        }
    }

    private static func fixed(_ weight: Double) -> Int32 {
        Int32((weight * Double(1 << precision)).rounded(.toNearestOrAwayFromZero))
    }

    /// The 8-bit sample of a sum of weighted samples.
    @inline(__always)
    static func sample(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(max((sum + 1 << (precision - 1)) >> precision, 0), 255))
    }
}
