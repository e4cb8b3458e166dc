import Tensors
import TestSupport

/// Calls operations with arguments that seldom fit, the same ones for the same seed.
final class RandomCalls {
    private(set) var successes = 0
    private(set) var failures = 0
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// Makes `count` calls.
    /// - Throws: whatever is not a `TensorError`.
    func run(_ count: Int) throws {
        for _ in 0..<count {
            do {
                try call()
                successes += 1
            } catch is TensorError {
                failures += 1
            }
        }
    }

    private func call() throws {
        let a = try tensor()
        let b = try tensor()
        switch below(24) {
        case 0: _ = try a + b
        case 1: _ = try a.matmul(b)
        case 2: _ = try a.linear(b, tensor())
        case 3: _ = try a.convolved(b, tensor(), stride: number(), padding: number())
        case 4: _ = try a.groupNormalised(groups: number(), b, tensor(), epsilon: 1e-5)
        case 5: _ = try a.layerNormalised(b, tensor(), epsilon: 1e-5)
        case 6: _ = try a.attention(keys: b, values: tensor())
        case 7: _ = try a.reshaped(shape())
        case 8: _ = try a.permuted(shape())
        case 9: _ = try a.transposed(number(), number())
        case 10: _ = try a.narrowed(number(), from: number(), length: number())
        case 11: _ = try Tensor.concatenated([a, b], dimension: number())
        case 12: _ = try a.selecting(b, dimension: number())
        case 13: _ = try a.gathering(b, dimension: number())
        case 14: _ = try a.flipped(number())
        case 15: _ = try a.padded(shape().map { min($0, 4) })
        case 16: _ = try a.sum(shape())
        case 17: _ = try a.top(number(), dimension: number())
        case 18: _ = try a.softmax(number())
        case 19: _ = try a.resizedNearest(height: min(number(), 8), width: min(number(), 8))
        case 20: _ = try a.crossEntropy(b)
        case 21: try a.assign(b)
        case 22: _ = try a.expanded(shape()).item()
        default: _ = try a.averagePooled(number())
        }
    }

    private func tensor() throws -> Tensor {
        try Tensor.full(shape(), 1, type: below(4) > 0 ? .float32 : DataType.allCases[below(DataType.allCases.count)])
    }

    private func shape() -> [Int] { (0..<below(5)).map { _ in number() } }

    /// A size or dimension: mostly small, seldom impossible.
    private func number() -> Int { below(20) > 0 ? [0, 1, 1, 2, 2, 2, 3][below(7)] : [-1, -7, 1 << 60, .max, .min][below(5)] }

    private func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }
}
