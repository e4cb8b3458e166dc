extension [Int] {
    /// The product of all, or nil when it does not fit.
    ///
    /// The product of the sizes other than 0 must fit too, as libtorch computes strides from them.
    var checkedProduct: Int? {
        var product = 1
        for factor in self where factor != 0 {
            let (next, overflow) = product.multipliedReportingOverflow(by: factor)
            if overflow { return nil }
            product = next
        }
        return contains(0) ? 0 : product
    }
}
