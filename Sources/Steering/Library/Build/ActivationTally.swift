import Foundation

/// What is counted of some neighbouring features' activations, over any number of pictures.
///
/// Everything is a count, a maximum or a sum of whole numbers, so that the order of pictures and their division into shards change nothing.
struct ActivationTally {
    /// The features.
    let range: Range<Int>
    /// In how many pictures each is active.
    private(set) var fired: [UInt32]
    /// The sum of its activations, each rounded to a multiple of 2⁻²⁰ and counted in these: exact up to 2⁵³ of them.
    private(set) var sums: [Double]
    /// `[features, ActivationHistogram.rangeCount]`.
    private(set) var histograms: [UInt32]
    /// Its strongest activations, largest first, and their pictures: `[features, exampleCount]`, 0 where there are none.
    private(set) var strongest: [Float]
    private(set) var pictures: [UInt32]

    static let unit = Double(1 << 20)
    private static let exampleCount = FeatureLibrary.exampleCount

    init(_ range: Range<Int>) {
        self.range = range
        fired = [UInt32](repeating: 0, count: range.count)
        sums = [Double](repeating: 0, count: range.count)
        histograms = [UInt32](repeating: 0, count: range.count * ActivationHistogram.rangeCount)
        strongest = [Float](repeating: 0, count: range.count * Self.exampleCount)
        pictures = [UInt32](repeating: 0, count: range.count * Self.exampleCount)
    }

    /// Counts the activations of one batch.
    /// - Parameters:
    ///   - activations: `[features of the range, batch]`.
    ///   - places: the batch's pictures.
    /// - Returns: those that are now among the strongest of a feature.
    mutating func count(_ activations: UnsafeBufferPointer<Float>, of places: [Int]) -> Set<Int> {
        var entered: Set<Int> = []
        for feature in 0..<range.count {
            var (fires, sum) = (UInt32(0), 0.0)
            for column in 0..<places.count {
                let activation = activations[feature * places.count + column]
                guard activation > 0 else { continue }
                fires += 1
                sum += (Double(activation) * Self.unit).rounded()
                histograms[feature * ActivationHistogram.rangeCount + ActivationHistogram.range(of: activation)] += 1
                if enter(activation, UInt32(places[column]), feature) { entered.insert(places[column]) }
            }
            fired[feature] += fires
            sums[feature] += sum
        }
        return entered
    }

    /// Adds what another shard has counted of the same features.
    mutating func add(_ other: ActivationTally) {
        for feature in fired.indices {
            fired[feature] &+= other.fired[feature]
            sums[feature] += other.sums[feature]
        }
        for place in histograms.indices { histograms[place] &+= other.histograms[place] }
        for place in other.strongest.indices where other.strongest[place] > 0 {
            _ = enter(other.strongest[place], other.pictures[place], place / Self.exampleCount)
        }
    }

    /// The strongest pictures of a feature of the range, strongest first.
    func examples(of feature: Int) -> [(activation: Float, picture: Int)] {
        let start = (feature - range.lowerBound) * Self.exampleCount
        return (start..<start + Self.exampleCount).prefix { strongest[$0] > 0 }.map { (strongest[$0], Int(pictures[$0])) }
    }

    func histogram(of feature: Int) -> ActivationHistogram {
        let start = (feature - range.lowerBound) * ActivationHistogram.rangeCount
        return ActivationHistogram(counts: histograms[start..<start + ActivationHistogram.rangeCount])
    }

    /// Puts a picture in its place among a feature's strongest; of equals the earlier picture goes first.
    private mutating func enter(_ activation: Float, _ picture: UInt32, _ feature: Int) -> Bool {
        let (start, last) = (feature * Self.exampleCount, (feature + 1) * Self.exampleCount - 1)
        func goesBefore(_ place: Int) -> Bool { (activation, pictures[place]) > (strongest[place], picture) }
        guard goesBefore(last) else { return false }
        var place = last
        while place > start, goesBefore(place - 1) {
            strongest[place] = strongest[place - 1]
            pictures[place] = pictures[place - 1]
            place -= 1
        }
        strongest[place] = activation
        pictures[place] = picture
        return true
    }
}

extension ActivationTally {
    /// As it is kept between two parts of the work: all numbers one after another, little-endian.
    var data: Data {
        fired.littleEndianData + sums.flatMap { [UInt32(truncatingIfNeeded: $0.bitPattern), UInt32($0.bitPattern >> 32)] }.littleEndianData
            + histograms.littleEndianData + strongest.littleEndianData + pictures.littleEndianData
    }

    /// Nil when the bytes are not as many as such a range has.
    init?(_ range: Range<Int>, _ data: Data) {
        self.init(range)
        guard let numbers = [UInt32](littleEndian: data) else { return nil }
        let counts = [fired.count, 2 * sums.count, histograms.count, strongest.count, pictures.count]
        guard numbers.count == counts.reduce(0, +) else { return nil }
        var start = 0
        let parts = counts.map { count in
            defer { start += count }
            return numbers[start..<start + count]
        }
        fired = Array(parts[0])
        sums = stride(from: parts[1].startIndex, to: parts[1].endIndex, by: 2).map {
            Double(bitPattern: UInt64(parts[1][$0]) | UInt64(parts[1][$0 + 1]) << 32)
        }
        histograms = Array(parts[2])
        strongest = parts[3].map(Float.init(bitPattern:))
        pictures = Array(parts[4])
    }

    /// Enters what has been counted of a feature elsewhere.
    mutating func take(_ feature: Int, fired: UInt32, sum: Double, _ histogram: ActivationHistogram) {
        let place = feature - range.lowerBound
        self.fired[place] = fired
        sums[place] = sum
        let start = place * ActivationHistogram.rangeCount
        histograms.replaceSubrange(start..<start + ActivationHistogram.rangeCount, with: histogram.counts)
    }

    /// Enters one of a feature's strongest pictures from elsewhere.
    mutating func take(_ feature: Int, activation: Float, picture: UInt32) {
        _ = enter(activation, picture, feature - range.lowerBound)
    }
}
