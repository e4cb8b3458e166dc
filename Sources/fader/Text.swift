import Foundation

extension String {
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    func leftPadding(to width: Int, with character: Character = " ") -> String {
        String(repeating: character, count: max(0, width - count)) + self
    }
}

extension Float {
    func text(decimals: Int) -> String { String(format: "%.\(decimals)f", Double(self)) }
}
