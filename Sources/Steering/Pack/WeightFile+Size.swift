import Tensors

extension WeightFile {
    /// How many numbers its tensors hold.
    var numberCount: Int { names.reduce(0) { $0 + (entry($1)?.shape.reduce(1, *) ?? 0) } }

    /// The size of its tensors.
    var byteCount: Int { names.reduce(0) { $0 + (entry($1)?.byteRange.count ?? 0) } }
}
