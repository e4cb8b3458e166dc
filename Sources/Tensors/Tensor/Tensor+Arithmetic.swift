import CTorch

extension Tensor {
    public static func + (a: Tensor, b: Tensor) throws -> Tensor { try a.combined(CT_ADD, b) }
    public static func - (a: Tensor, b: Tensor) throws -> Tensor { try a.combined(CT_SUBTRACT, b) }
    public static func * (a: Tensor, b: Tensor) throws -> Tensor { try a.combined(CT_MULTIPLY, b) }
    public static func / (a: Tensor, b: Tensor) throws -> Tensor { try a.combined(CT_DIVIDE, b) }
    public static func + (a: Tensor, b: Double) throws -> Tensor { try a.combined(CT_ADD, b) }
    public static func - (a: Tensor, b: Double) throws -> Tensor { try a.combined(CT_SUBTRACT, b) }
    public static func * (a: Tensor, b: Double) throws -> Tensor { try a.combined(CT_MULTIPLY, b) }
    public static func / (a: Tensor, b: Double) throws -> Tensor { try a.combined(CT_DIVIDE, b) }
    public static func * (a: Double, b: Tensor) throws -> Tensor { try b * a }
    public static prefix func - (a: Tensor) throws -> Tensor { try a.applied(CT_NEGATE) }

    public func maximum(_ other: Tensor) throws -> Tensor { try combined(CT_MAXIMUM, other) }
    public func minimum(_ other: Tensor) throws -> Tensor { try combined(CT_MINIMUM, other) }
    /// True where this is greater.
    public func isGreater(than other: Double) throws -> Tensor { try combined(CT_GREATER, other) }
    /// True where this is greater or equal.
    public func isAtLeast(_ other: Tensor) throws -> Tensor { try combined(CT_GREATER_OR_EQUAL, other) }
    /// True where both are equal.
    public func isEqual(to other: Tensor) throws -> Tensor { try combined(CT_EQUAL, other) }

    /// x · sigmoid(x).
    public func silu() throws -> Tensor { try applied(CT_SILU) }
    /// x · Φ(x), exact.
    public func gelu() throws -> Tensor { try applied(CT_GELU) }
    /// x · sigmoid(1.702 x).
    public func quickGELU() throws -> Tensor { try applied(CT_QUICK_GELU) }
    public func relu() throws -> Tensor { try applied(CT_RELU) }
    public func exp() throws -> Tensor { try applied(CT_EXP) }
    public func log() throws -> Tensor { try applied(CT_LOG) }
    public func squareRoot() throws -> Tensor { try applied(CT_SQRT) }
    public func reciprocalSquareRoot() throws -> Tensor { try applied(CT_RSQRT) }
    public func sin() throws -> Tensor { try applied(CT_SIN) }
    public func cos() throws -> Tensor { try applied(CT_COS) }
    public func magnitude() throws -> Tensor { try applied(CT_ABS) }
    public func squared() throws -> Tensor { try applied(CT_SQUARE) }
    public func sigmoid() throws -> Tensor { try applied(CT_SIGMOID) }
    public func tanh() throws -> Tensor { try applied(CT_TANH) }
    /// True where an element is neither infinite nor NaN.
    public func isFinite() throws -> Tensor { try applied(CT_IS_FINITE) }

    public func clamped(_ lowest: Double, _ highest: Double) throws -> Tensor { try Tensor { ct_clamp(handle, lowest, highest, &$0) } }

    /// The elements of `first` where this is not 0, and those of `second` elsewhere.
    public func choosing(_ first: Tensor, else second: Tensor) throws -> Tensor {
        try Tensor { ct_where(handle, first.handle, second.handle, &$0) }
    }

    /// To the nearest integer, halves to even.
    public func rounded() throws -> Tensor { try Tensor { ct_round(handle, &$0) } }

    /// The sum over `dimensions`, or over all.
    public func sum(_ dimensions: [Int] = [], keep: Bool = false) throws -> Tensor { try reduced(CT_SUM, dimensions, keep) }
    public func mean(_ dimensions: [Int] = [], keep: Bool = false) throws -> Tensor { try reduced(CT_MEAN, dimensions, keep) }
    public func largest(_ dimensions: [Int] = [], keep: Bool = false) throws -> Tensor { try reduced(CT_AMAX, dimensions, keep) }
    public func smallest(_ dimensions: [Int] = [], keep: Bool = false) throws -> Tensor { try reduced(CT_AMIN, dimensions, keep) }

    /// Whether every element is neither infinite nor NaN.
    public func isAllFinite() throws -> Bool { try isFinite().smallest().item() != 0 }

    /// The index of the largest element along `dimension`, int64.
    public func argmax(_ dimension: Int) throws -> Tensor { try Tensor { ct_argmax(handle, Int64(dimension), &$0) } }

    /// The `count` largest elements along `dimension`, largest first, and where they are (int64).
    public func top(_ count: Int, dimension: Int = -1) throws -> (values: Tensor, indices: Tensor) {
        var values: OpaquePointer?
        var indices: OpaquePointer?
        try check(ct_top(handle, Int64(count), Int64(dimension), &values, &indices))
        guard let values, let indices else { throw TensorError.unexpected("no tensor was returned") }
        return (Tensor(owning: values), Tensor(owning: indices))
    }

    public func softmax(_ dimension: Int = -1) throws -> Tensor { try Tensor { ct_softmax(handle, Int64(dimension), &$0) } }
    public func logSoftmax(_ dimension: Int = -1) throws -> Tensor { try Tensor { ct_log_softmax(handle, Int64(dimension), &$0) } }

    /// The Euclidean norm over `dimensions`, or over all.
    public func norm(_ dimensions: [Int] = [], keep: Bool = false) throws -> Tensor {
        try squared().sum(dimensions, keep: keep).squareRoot()
    }

    @inline(__always)
    private func applied(_ operation: CTUnary) throws -> Tensor { try Tensor { ct_unary(operation, handle, &$0) } }

    @inline(__always)
    private func combined(_ operation: CTBinary, _ other: Tensor) throws -> Tensor {
        try Tensor { ct_binary(operation, handle, other.handle, &$0) }
    }

    @inline(__always)
    private func combined(_ operation: CTBinary, _ other: Double) throws -> Tensor {
        try Tensor { ct_binary_scalar(operation, handle, other, &$0) }
    }

    private func reduced(_ operation: CTReduction, _ dimensions: [Int], _ keep: Bool) throws -> Tensor {
        let all = dimensions.isEmpty ? Array(0..<rank) : dimensions
        return try Tensor { ct_reduce(operation, handle, all.wide, Int32(all.count), keep, &$0) }
    }
}
