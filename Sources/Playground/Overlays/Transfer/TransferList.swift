import Steering
import Terminal

/// Another picture's features, to be transferred.
struct Donor: Sendable, Equatable {
    /// The picture's file name.
    let name: String
    let features: [Feature]
}

/// How the features of a donor differ from those of the picture, or of a second donor: a list to copy from.
struct TransferList: Overlay {
    let donor: Donor
    /// The picture subtracted from the donor; nil for the picture being edited.
    let origin: Donor?
    /// Sorted by effect, the largest first.
    let differences: [FeatureDifference]
    private(set) var selection = ListSelection()
    /// The features marked to be copied together.
    private(set) var marked: Set<Int> = []

    init(from donor: Donor, to features: [Feature], origin: Donor? = nil) {
        self.donor = donor
        self.origin = origin
        differences = FeatureDifference.all(from: origin?.features ?? features, to: donor.features)
    }

    /// The differences to copy: the marked ones, or else the selected one.
    var chosen: [FeatureDifference] {
        if !marked.isEmpty { return differences.filter { marked.contains($0.index) } }
        return differences.indices.contains(selection.row) ? [differences[selection.row]] : []
    }

    /// The name of the group of copies.
    var name: String { EditStack.transferName(from: donor.name, minus: origin?.name) }

    mutating func press(_ press: KeyPress, _ state: inout State) -> Response {
        switch (press.key, press.modifiers) {
        case (.enter, _): return .closes(state.copy(self))
        case (.character(" "), []): toggleMark()
        case (.character("t"), []): markDownToSelection()
        case (.character("a"), []): toggleAll()
        case (.character("o"), []): return .stays(state.ask(.origin))
        default:
            guard let movement = state.movement(of: press) else { return .passed }
            selection.move(movement, count: differences.count, page: state.layout.transferCapacity)
        }
        return .stays()
    }

    mutating func point(_ event: MouseEvent, _ state: inout State) -> Response {
        selection.point(event, in: state.layout.transferRows, count: differences.count)
        return .stays()
    }

    mutating func settle(_ state: inout State) -> [Effect] {
        selection.settle(count: differences.count, capacity: state.layout.transferCapacity)
        return []
    }

    /// Marks or unmarks the selected difference, and selects the next.
    private mutating func toggleMark() {
        guard differences.indices.contains(selection.row) else { return }
        let index = differences[selection.row].index
        if marked.remove(index) == nil { marked.insert(index) }
        selection.move(.rows(1), count: differences.count)
    }

    /// Marks the selected difference and all above it, whose effects are larger.
    private mutating func markDownToSelection() { marked = Set(differences.prefix(selection.row + 1).map(\.index)) }

    /// Marks all, or unmarks all when all are marked.
    private mutating func toggleAll() { marked = marked.count == differences.count ? [] : Set(differences.map(\.index)) }
}
