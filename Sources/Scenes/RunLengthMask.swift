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

    /// Reads a mask, which must fill its picture exactly.
    /// - Throws: `DecodingError` when the runs do not add up to `size × size` pixels.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        size = try container.decode(Int.self, forKey: .size)
        counts = try container.decode([Int].self, forKey: .counts)
        let area = counts.reduce(into: Optional(0)) { sum, run in
            sum = sum.flatMap { run < 0 ? nil : $0.addingReportingOverflow(run) }.flatMap { $0.overflow ? nil : $0.partialValue }
        }
        let (picture, isTooLarge) = size.multipliedReportingOverflow(by: size)
        guard size >= 0, !isTooLarge, area == picture else {
            let reason = "The runs of a mask must add up to its picture's \(size) × \(size) pixels."
            throw DecodingError.dataCorruptedError(forKey: .counts, in: container, debugDescription: reason)
        }
    }

    /// The number of covered pixels.
    public var area: Int {
        stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + counts[$1] }
    }

    /// The part of each cell of a grid that is covered, 0…1, row-major `[cells, cells]`.
    /// - Parameter cells: the grid's side, which divides that of the picture.
    public func coverage(cells: Int) -> [Float] {
        precondition(cells > 0 && size % cells == 0, "a grid's cells must be whole pixels")
        let side = size / cells
        var covered = [Float](repeating: 0, count: cells * cells)
        var start = 0
        for (place, run) in counts.enumerated() {
            if place % 2 == 1 {
                for pixel in start..<start + run { covered[pixel / size / side * cells + pixel % size / side] += 1 }
            }
            start += run
        }
        return covered.map { $0 / Float(side * side) }
    }

    /// The mask as row-major pixels `[size, size]`.
    public var pixels: [Bool] {
        counts.enumerated().flatMap { Array(repeating: $0.offset % 2 == 1, count: $0.element) }
    }
}
