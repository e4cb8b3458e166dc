import Foundation

extension Float {
    /// The value in at most 7 columns.
    var short: String {
        let magnitude = abs(self)
        // Minus zero would show a sign that means nothing.
        if magnitude < 0.005 { return "0.00" }
        if magnitude < 1000 { return String(format: "%.2f", self) }
        return magnitude < 100_000 ? String(format: "%.0f", self) : String(format: "%.1e", self)
    }
}

extension String {
    /// The number moved to the right of a column of numbers.
    var aligned: String { String(repeating: " ", count: max(0, 6 - count)) + self }
}
