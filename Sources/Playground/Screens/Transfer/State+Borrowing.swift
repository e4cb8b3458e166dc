import Foundation
import Steering
import Terminal

/// Borrowing what another picture shows.
extension State {
    /// Asks for the picture to borrow from.
    mutating func askForDonor() -> [Effect] {
        guard analysis != nil else { return inform("There is no picture yet to transfer to.") }
        return ask(.donor, donorPath)
    }

    /// Looks at a picture to borrow from, or at the one where a difference between two others begins.
    mutating func lookAtDonor(path: String, isOrigin: Bool) -> [Effect] {
        if !isOrigin { donorPath = path }
        let url = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
        looksForOrigin = isOrigin
        return ask(.lookAt(url), saying: "analysing \(url.lastPathComponent)")
    }

    mutating func take(_ donor: Donor) -> [Effect] {
        if looksForOrigin {
            guard let wholeDonor = self.donor else { return [] }
            return show(Borrowing(from: wholeDonor, to: list.features, origin: donor))
        }
        self.donor = donor
        return show(Borrowing(from: donor, to: list.features))
    }

    mutating func type(_ press: KeyPress, in borrowing: Borrowing) -> [Effect] {
        var borrowing = borrowing
        let page = layout.borrowingCapacity
        switch press.key {
        case .escape:
            overlay = nil
            return []
        case .enter: return copy(borrowing)
        case .up: borrowing.moveSelection(by: -1)
        case .down: borrowing.moveSelection(by: 1)
        case .pageUp: borrowing.moveSelection(by: -page)
        case .pageDown: borrowing.moveSelection(by: page)
        case .home: borrowing.moveSelection(by: -borrowing.differences.count)
        case .end: borrowing.moveSelection(by: borrowing.differences.count)
        case .character(" "): borrowing.toggleMark()
        case .character("t"): borrowing.markDownToSelection()
        case .character("a"): borrowing.toggleAll()
        case .character("o"): return ask(.origin)
        default: return []
        }
        return show(borrowing)
    }

    private mutating func show(_ borrowing: Borrowing) -> [Effect] {
        var borrowing = borrowing
        borrowing.scrollToSelection(capacity: layout.borrowingCapacity)
        overlay = .borrowing(borrowing)
        return []
    }

    /// Makes the chosen features as the donor has them, or adds what makes one donor the other, as a group of edits.
    private mutating func copy(_ borrowing: Borrowing) -> [Effect] {
        overlay = nil
        let chosen = borrowing.chosen
        let known = Dictionary(
            (borrowing.donor.features + (borrowing.origin?.features ?? [])).map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
        for feature in chosen.compactMap({ known[$0.index] }) {
            list.remember(Feature(index: feature.index, activation: 0, norm: feature.norm, label: feature.label, maximum: feature.maximum))
        }
        return change { stack in
            if borrowing.origin == nil {
                stack.copy(chosen, from: borrowing.name)
            } else {
                stack.add(chosen, from: borrowing.name)
            }
        }
    }
}
