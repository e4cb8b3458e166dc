import Randomness

extension SplitMix64 {
    /// What the numbers are for: each purpose has a series of its own.
    enum Purpose: UInt64 {
        case scene = 1
        case caption = 2
    }

    /// The generator of item `index` of the series `seed`.
    init(seed: UInt64, index: Int, purpose: Purpose) {
        var series = SplitMix64(seed: seed)
        var item = SplitMix64(seed: series.next() ^ UInt64(truncatingIfNeeded: index))
        self.init(seed: item.next() ^ purpose.rawValue)
    }

    /// A whole number in `0..<bound`, uniform to within 2⁻⁶⁰ for the small bounds used here.
    mutating func number(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number in 0..<1.
    mutating func fraction() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// True with the given probability.
    mutating func chance(_ probability: Double) -> Bool {
        fraction() < probability
    }

    /// One of the elements of an array that is not empty, each as likely as the others.
    mutating func element<Element>(of array: [Element]) -> Element {
        array[number(below: array.count)]
    }

    /// The array in random order (Fisher and Yates).
    mutating func shuffled<Element>(_ array: [Element]) -> [Element] {
        var array = array
        for last in array.indices.reversed() {
            array.swapAt(last, number(below: last + 1))
        }
        return array
    }
}
