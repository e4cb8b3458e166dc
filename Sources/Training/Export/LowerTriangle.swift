/// A square matrix with nothing above its diagonal: the root of a symmetric positive matrix (Cholesky), and its inverse.
struct LowerTriangle {
    let size: Int
    /// Row by row, with the zeros.
    private(set) var values: [Double]

    /// `L` with `L · Lᵀ` equal to the matrix; nil when the matrix is not positive.
    init?(rootOf matrix: [Double], size: Int) {
        self.size = size
        values = [Double](repeating: 0, count: size * size)
        for row in 0..<size {
            for column in 0...row {
                let known = (0..<column).reduce(0) { $0 + values[row * size + $1] * values[column * size + $1] }
                let rest = matrix[row * size + column] - known
                if column < row {
                    values[row * size + column] = rest / values[column * size + column]
                } else {
                    guard rest > 1e-9 * matrix[row * size + row] else { return nil }
                    values[row * size + row] = rest.squareRoot()
                }
            }
        }
    }

    /// Row by row; found by forward substitution.
    var inverse: [Double] {
        var inverse = [Double](repeating: 0, count: size * size)
        for column in 0..<size {
            for row in column..<size {
                let known = (column..<row).reduce(0) { $0 + values[row * size + $1] * inverse[$1 * size + column] }
                inverse[row * size + column] = ((row == column ? 1 : 0) - known) / values[row * size + row]
            }
        }
        return inverse
    }
}
