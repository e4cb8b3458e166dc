/// Which pixels of a square picture an object covers, as lengths of runs.
public struct RunLengthMask: Sendable, Codable, Equatable {
    /// The picture's side in pixels.
    public let size: Int
    /// Lengths of alternating runs in row-major order, beginning with uncovered pixels (a first run of 0 where pixel 0 is covered).
    public let counts: [Int]

    /// The runs of a row-major `[size, size]` mask.
    init(size: Int, covered: [Bool]) {
        var counts: [Int] = []
        var run = 0
        var isCovered = false
        for pixel in covered {
            if pixel != isCovered {
                counts.append(run)
                run = 0
                isCovered = pixel
            }
            run += 1
        }
        if run > 0 { counts.append(run) }
        self.size = size
        self.counts = counts
    }

    /// The number of covered pixels.
    public var area: Int {
        stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + counts[$1] }
    }

    /// The mask as row-major pixels `[size, size]`.
    public var pixels: [Bool] {
        counts.enumerated().flatMap { Array(repeating: $0.offset % 2 == 1, count: max($0.element, 0)) }
    }
}
