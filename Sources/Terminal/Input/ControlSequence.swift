/// A control sequence, `CSI … final`, taken apart.
struct ControlSequence {
    /// One of `<`, `=`, `>`, `?`, when the sequence is private.
    let prefix: UInt8?
    /// The numbers between semicolons; a missing one is `nil`. Of numbers joined by colons the first counts.
    let parameters: [Int?]
    /// The bytes between the numbers and the final byte.
    let intermediates: [UInt8]
    let final: UInt8

    /// - Parameter body: what stood between the introducer and the final byte.
    init(body: [UInt8], final: UInt8) {
        var rest = body[...]
        if let first = rest.first, (0x3C...0x3F).contains(first) {
            prefix = first
            rest = rest.dropFirst()
        } else {
            prefix = nil
        }
        let numbers = rest.prefix { (0x30...0x3B).contains($0) }
        parameters = numbers.isEmpty ? [] : numbers.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map(Self.number)
        intermediates = Array(rest.dropFirst(numbers.count))
        self.final = final
    }

    /// The parameter at a place, or `fallback` when it is missing.
    func parameter(_ index: Int, or fallback: Int = 0) -> Int {
        index < parameters.count ? parameters[index] ?? fallback : fallback
    }

    /// The parameters from a place on, when none is missing.
    func numbers(from index: Int) -> [Int]? {
        guard index <= parameters.count else { return nil }
        let present = parameters[index...].compactMap(\.self)
        return present.count == parameters.count - index ? present : nil
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        let first = digits.prefix { $0 != UInt8(ascii: ":") }
        guard !first.isEmpty else { return nil }
        // Larger than any screen or code point, and far from overflow.
        let limit = 0x7F_FFFF
        return first.reduce(0) { min(limit, $0 * 10 + Int($1 - UInt8(ascii: "0"))) }
    }
}
