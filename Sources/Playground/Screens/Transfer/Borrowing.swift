import Steering

/// Another picture's features, to be borrowed.
struct Donor: Sendable, Equatable {
    /// The picture's file name.
    let name: String
    let features: [Feature]
}

/// What a donor shows otherwise than the picture, or than a second donor, as a list to copy from.
struct Borrowing: Sendable, Equatable {
    let donor: Donor
    /// Where the difference begins, when that is not the picture that is steered.
    let origin: Donor?
    /// The largest effect first.
    let differences: [FeatureDifference]
    /// The place of the selected difference, and of the topmost visible one.
    private(set) var place = 0
    private(set) var top = 0
    /// The features that are marked to be copied together.
    private(set) var marked: Set<Int> = []

    init(from donor: Donor, to features: [Feature], origin: Donor? = nil) {
        self.donor = donor
        self.origin = origin
        differences = FeatureDifference.all(from: origin?.features ?? features, to: donor.features)
    }

    /// What is to be copied: the marked ones, or else the selected one.
    var chosen: [FeatureDifference] {
        if !marked.isEmpty { return differences.filter { marked.contains($0.index) } }
        return differences.indices.contains(place) ? [differences[place]] : []
    }

    /// What the copies are called together.
    var name: String { origin.map { "\($0.name) to \(donor.name)" } ?? "from \(donor.name)" }

    mutating func moveSelection(by rows: Int) { place = min(max(place + rows, 0), max(0, differences.count - 1)) }

    /// Marks the selected difference, or takes its mark away, and goes on to the next.
    mutating func toggleMark() {
        guard differences.indices.contains(place) else { return }
        let index = differences[place].index
        if marked.remove(index) == nil { marked.insert(index) }
        moveSelection(by: 1)
    }

    /// Marks every difference whose effect is at least that of the selected one, which is all above it in the list.
    mutating func markDownToSelection() { marked = Set(differences.prefix(place + 1).map(\.index)) }

    /// Marks all, or none when all are.
    mutating func toggleAll() { marked = marked.count == differences.count ? [] : Set(differences.map(\.index)) }

    /// Scrolls as little as shows the selected difference in a window of `capacity` rows.
    mutating func scrollToSelection(capacity: Int) {
        top = min(max(top, place - capacity + 1), place)
        top = max(0, min(top, differences.count - capacity))
    }
}
