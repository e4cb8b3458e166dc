import Tensors

/// A figure with its 95 % interval, found by drawing the examples again and again (Efron, "Bootstrap Methods", 1979).
public struct Measurement: Codable, Sendable, Equatable {
    public var value, low, high: Double

    private static let resamples = 1000

    /// The mean of `values`, one for each example.
    /// - Parameter transform: applied to the mean and the interval's ends; it must only rise or only fall.
    init(meanOf values: [Double], transform: (Double) -> Double = { $0 }) throws {
        guard !values.isEmpty else { throw TrainingError.unsuitable("There is nothing to measure.") }
        let count = values.count
        let examples = try Tensor(values.map(Float.init), shape: [count], device: .ambient)
        let drawn = try Generator(seed: 95, device: .ambient).integers(below: count, [Self.resamples * count])
        let sorted = try examples.selecting(drawn).reshaped([Self.resamples, count]).mean([1]).floats().map(Double.init).sorted()
        let ends = [transform(sorted[Self.resamples / 40]), transform(sorted[Self.resamples - 1 - Self.resamples / 40])].sorted()
        value = transform(values.reduce(0, +) / Double(count))
        (low, high) = (ends[0], ends[1])
    }
}
