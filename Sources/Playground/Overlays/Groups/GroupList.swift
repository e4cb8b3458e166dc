import Steering
import Terminal

/// The groups saved in the library, to choose from.
struct GroupList: Overlay {
    let groups: [FeatureGroup]
    private(set) var selection = ListSelection()

    init(_ groups: [FeatureGroup]) {
        self.groups = groups
    }

    /// The selected group; nil when there is none.
    private var selected: FeatureGroup? { groups.indices.contains(selection.row) ? groups[selection.row] : nil }

    mutating func press(_ press: KeyPress, _ state: inout State) -> Response {
        if press.key == .enter { return .closes(selected.map { state.add($0) } ?? []) }
        guard let movement = state.movement(of: press) else { return .passed }
        selection.move(movement, count: groups.count, page: state.layout.palette.inset.rows)
        return .stays()
    }

    mutating func point(_ event: MouseEvent, _ state: inout State) -> Response {
        selection.point(event, in: state.layout.palette.inset, count: groups.count)
        return .stays()
    }

    mutating func settle(_ state: inout State) -> [Effect] {
        selection.settle(count: groups.count, capacity: state.layout.palette.inset.rows)
        return []
    }
}
