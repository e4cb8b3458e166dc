import CTorch

extension Tensor {
    /// Runs `body` in libtorch's inference mode: quickest, and nothing in it can be differentiated later.
    ///
    /// The mode belongs to the thread, so `body` must not suspend.
    public static func inference<Result>(_ body: () throws -> Result) throws -> Result {
        var scope: OpaquePointer?
        try check(ct_inference_begin(&scope))
        defer { ct_inference_end(scope) }
        return try body()
    }

    /// Runs `body` without recording gradients; its results may take part in training later.
    public static func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
        let before = ct_set_gradients(false)
        defer { _ = ct_set_gradients(before) }
        return try body()
    }

    /// Makes this a parameter: gradients gather in it from now on.
    public func requireGradient() throws { try check(ct_set_requires_gradient(handle, true)) }

    /// The same numbers, cut off from what computed them.
    public func detached() throws -> Tensor { try Tensor { ct_detach(handle, &$0) } }

    /// Adds the gradient of this one number to every parameter that it was computed from.
    public func backward() throws { try check(ct_backward(handle)) }

    /// The gradient that has gathered here, if any.
    public var gradient: Tensor? {
        get throws {
            var found: OpaquePointer?
            try check(ct_gradient(handle, &found))
            return found.map(Tensor.init(owning:))
        }
    }

    /// Puts a gradient in the place of the one that has gathered; it may lie in memory in another order than the parameter.
    /// - Throws: `TensorError` unless it has the parameter's shape and device.
    public func setGradient(_ gradient: Tensor) throws { try check(ct_set_gradient(handle, gradient.handle)) }

    public func clearGradient() throws { try check(ct_set_gradient(handle, nil)) }

    /// Overwrites the elements in place, unrecorded.
    public func assign(_ source: Tensor) throws { try check(ct_copy_into(handle, source.handle)) }

    /// Moves the elements towards those of `source` by the fraction `weight`, in place, unrecorded: one step of an exponential moving average.
    public func move(towards source: Tensor, by weight: Double) throws {
        try move(towards: source, by: Tensor.full([], weight, type: dataType, device: device))
    }

    /// The same with a weight of one number, of this type and on this device.
    public func move(towards source: Tensor, by weight: Tensor) throws { try check(ct_move_towards(handle, source.handle, weight.handle)) }
}
