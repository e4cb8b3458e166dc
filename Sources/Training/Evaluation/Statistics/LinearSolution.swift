import Tensors

/// Solves `a · x = b` for a symmetric positive `a` by elimination; a direction that `a` does not see gets nothing.
func solution(of a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    var a = a
    var b = b
    for pivot in a.indices {
        let scale = abs(a[pivot][pivot]) > 1e-9 ? 1 / a[pivot][pivot] : 0
        a[pivot] = a[pivot].map { $0 * scale }
        b[pivot] = b[pivot].map { $0 * scale }
        for row in a.indices where row != pivot {
            let factor = a[row][pivot]
            for column in a.indices { a[row][column] -= factor * a[pivot][column] }
            for column in b[row].indices { b[row][column] -= factor * b[pivot][column] }
        }
    }
    return b
}

extension Tensor {
    /// The numbers of a matrix, row by row.
    func rows() throws -> [[Double]] {
        let (numbers, width) = (try to(.float32).floats().map(Double.init), size(1))
        return stride(from: 0, to: numbers.count, by: width).map { Array(numbers[$0..<$0 + width]) }
    }
}
