import Tensors

/// Divides vectors by their directions alone: spherical k-means (Dhillon & Modha, "Concept Decompositions for Large Sparse Text Data", 2001),
/// begun as k-means++ does (Arthur & Vassilvitskii, 2007). The same input gives the same clusters on every machine.
struct SphericalClusters {
    /// The cluster of each vector, from 0; no cluster is empty.
    let assignment: [Int]

    private static let starts = 4
    private static let rounds = 50

    /// - Parameters:
    ///   - vectors: `[n, width]`, on the CPU.
    ///   - weights: how much each vector counts, at least 0.
    ///   - count: how many clusters to make; there are fewer where fewer vectors differ.
    init(_ vectors: Tensor, weights: [Float], count: Int, seed: UInt64 = 0) throws {
        let unit = try vectors.unit()
        let generator = try Generator(seed: seed)
        var best: (fit: Double, assignment: [Int])?
        for _ in 0..<Self.starts {
            let start = try Self.seeds(unit, weights, count: count, generator)
            let found = try Self.refined(unit, weights, start)
            if found.fit > best?.fit ?? -.infinity { best = found }
        }
        assignment = Self.numbered(best?.assignment ?? [])
    }

    /// Vectors to begin with: each next one more likely the less it is like those before.
    private static func seeds(_ unit: Tensor, _ weights: [Float], count: Int, _ generator: Generator) throws -> [Int] {
        var chosen: [Int] = []
        var distances = weights
        while chosen.count < min(count, weights.count) {
            let total = distances.reduce(0, +)
            guard total > 1e-6 * weights.reduce(0, +) else { break }
            var rest = Float(try generator.uniform([1]).item()) * total
            let place = distances.firstIndex { distance in
                rest -= distance
                return rest < 0
            }
            let next = place ?? distances.indices.max { distances[$0] < distances[$1] } ?? 0
            chosen.append(next)
            let cosines = try unit.matmul(unit.narrowed(0, from: next, length: 1).transposed()).floats()
            distances = distances.indices.map { min(distances[$0], weights[$0] * max(0, 1 - cosines[$0])) }
            distances[next] = 0
        }
        return chosen
    }

    /// Assigns vectors and moves centres in turn, until nothing changes.
    private static func refined(_ unit: Tensor, _ weights: [Float], _ seeds: [Int]) throws -> (fit: Double, assignment: [Int]) {
        guard !seeds.isEmpty else { return (0, [Int](repeating: 0, count: weights.count)) }
        let weighted = try unit * Tensor(weights, shape: [weights.count, 1])
        let places = try Tensor.range(seeds.count, type: .int64).reshaped([1, -1])
        var centres = try unit.selecting(Tensor(seeds.map(Int64.init), shape: [seeds.count]))
        var assignment: [Int] = []
        var fit = 0.0
        for _ in 0..<rounds {
            let cosines = try unit.matmul(centres.transposed())
            let nearest = try cosines.argmax(1)
            fit = try (cosines.largest([1]) * Tensor(weights, shape: [weights.count])).sum().item()
            let next = try nearest.integers()
            if next == assignment { break }
            assignment = next
            let members = try nearest.reshaped([-1, 1]).isEqual(to: places).to(.float32)
            let sums = try members.transposed().matmul(weighted)
            centres = try sums.unit()
        }
        return (fit, assignment)
    }

    /// The same clusters, numbered in the order in which they are first met.
    private static func numbered(_ assignment: [Int]) -> [Int] {
        var numbers: [Int: Int] = [:]
        return assignment.map { cluster in
            let number = numbers[cluster] ?? numbers.count
            numbers[cluster] = number
            return number
        }
    }
}
