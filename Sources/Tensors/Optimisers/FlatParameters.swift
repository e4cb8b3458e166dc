import CTorch

/// Parameters whose numbers lie one after another in one tensor, so that a training step treats them all by a few operations.
public struct FlatParameters {
    public let parameters: [Tensor]
    /// The numbers of all parameters, `[count]`; the parameters are views of it.
    public let values: Tensor

    /// Moves the numbers into one new tensor; each parameter keeps its order of memory there.
    /// - Throws: `TensorError` when there are no parameters, one of them has gaps in memory, or they differ in type or device.
    public init(_ parameters: [Tensor]) throws {
        self.parameters = parameters
        values = try parameters.withHandles { handles in try Tensor { ct_flatten(handles, Int32(handles.count), &$0) } }
    }

    private init(parameters: [Tensor], values: Tensor) {
        self.parameters = parameters
        self.values = values
    }

    /// Where the numbers of some parameters, which stand next to each other, lie among all.
    public func numbers(of range: Range<Int>) -> Range<Int> {
        let start = parameters[..<range.lowerBound].reduce(0) { $0 + $1.count }
        return start..<start + parameters[range].reduce(0) { $0 + $1.count }
    }

    /// Some of the parameters, which stand next to each other, with their part of the numbers.
    public func part(_ range: Range<Int>) throws -> FlatParameters {
        let numbers = numbers(of: range)
        return FlatParameters(
            parameters: Array(parameters[range]), values: try values.narrowed(0, from: numbers.lowerBound, length: numbers.count))
    }

    /// The gradients of all parameters, one after another, each in the order of memory of its parameter: `[count]`.
    /// - Throws: `TensorError` when a parameter has none.
    public func gradient() throws -> Tensor {
        try parameters.withHandles { handles in try Tensor { ct_flat_gradient(handles, Int32(handles.count), &$0) } }
    }

    public func clearGradients() throws {
        for parameter in parameters { try parameter.clearGradient() }
    }

    /// What belongs to each parameter in another tensor of as many numbers, such as its moments: views with the parameters' shapes.
    /// - Throws: `TensorError` unless `flat` has as many numbers as the parameters.
    public func views(of flat: Tensor) throws -> [Tensor] {
        guard !parameters.isEmpty else { return [] }
        var found = [OpaquePointer?](repeating: nil, count: parameters.count)
        try parameters.withHandles { try check(ct_flat_views(flat.handle, $0, Int32($0.count), &found)) }
        return found.compactMap { $0.map(Tensor.init(owning:)) }
    }
}
