import Steering

/// The groups that are kept with the pack, to choose one from.
struct GroupList: Sendable, Equatable {
    let groups: [FeatureGroup]
    private(set) var place = 0

    init(_ groups: [FeatureGroup]) {
        self.groups = groups
    }

    /// The selected group; nil when there is none.
    var selected: FeatureGroup? { groups.indices.contains(place) ? groups[place] : nil }

    mutating func moveSelection(by rows: Int) { place = min(max(place + rows, 0), max(0, groups.count - 1)) }
}
