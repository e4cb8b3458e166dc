/// One of several equal parts of the pictures that a library is built from, each the work of another machine.
public struct LibraryShard: Sendable, Hashable {
    /// From 1.
    public let number: Int
    public let count: Int

    public static let whole = LibraryShard(number: 1, count: 1)

    private init(number: Int, count: Int) {
        self.number = number
        self.count = count
    }

    /// Reads `3/8`; nil unless it is a whole number between 1 and the count, and that at most 100,000.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1], (1...100_000).contains(count), (1...count).contains(number)
        else { return nil }
        self.init(number: number, count: count)
    }

    init?(number: Int, of count: Int) { self.init("\(number)/\(count)") }

    /// Its part of `total` pictures; the parts follow each other without gaps.
    func range(of total: Int) -> Range<Int> { total * (number - 1) / count..<total * number / count }
}
