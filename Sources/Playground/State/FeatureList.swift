import Steering

/// The features of the picture: which of them are listed, which one is selected, and where the list is scrolled to.
struct FeatureList: Sendable, Equatable {
    /// Which features are listed; those that edits touch always are.
    enum Scope: Sendable, Equatable, CaseIterable {
        case strongest, all, edited
    }

    static let strongestCount = 10

    /// Every live feature, strongest effect first.
    let features: [Feature]
    private let places: [Int: Int]
    private(set) var scope = Scope.strongest
    /// The selected feature's index in the autoencoder; nil when the picture has no live feature.
    private(set) var selected: Int?
    /// The place in `shown` of the topmost visible feature.
    private(set) var top = 0

    init(_ features: [Feature] = []) {
        self.features = features
        places = Dictionary(zip(features.map(\.index), features.indices), uniquingKeysWith: { first, _ in first })
        selected = features.first?.index
    }

    /// The feature with this index in the autoencoder.
    subscript(index: Int) -> Feature? { places[index].map { features[$0] } }

    var selectedFeature: Feature? { selected.flatMap { self[$0] } }

    /// The features listed, strongest first.
    ///
    /// The selected one always is among them, so that resetting an edit does not pull the row away from under the user.
    func shown(with edits: EditStack) -> [Feature] {
        if scope == .all { return features }
        let kept = Set(edits.features).union(selected.map { [$0] } ?? [])
        let strongest = scope == .strongest ? Self.strongestCount : 0
        return features.enumerated().filter { $0.offset < strongest || kept.contains($0.element.index) }.map(\.element)
    }

    mutating func select(_ feature: Int) {
        if places[feature] != nil { selected = feature }
    }

    /// Moves the selection down the list by some rows, or up when `rows` is negative.
    mutating func moveSelection(by rows: Int, with edits: EditStack) {
        let shown = shown(with: edits)
        guard let place = shown.firstIndex(where: { $0.index == selected }) else { return }
        selected = shown[min(max(place + rows, 0), shown.count - 1)].index
    }

    mutating func showNextScope() {
        let place = Scope.allCases.firstIndex(of: scope) ?? 0
        scope = Scope.allCases[(place + 1) % Scope.allCases.count]
    }

    /// Scrolls as little as shows the selected feature in a window of `capacity` features.
    mutating func scrollToSelection(capacity: Int, with edits: EditStack) {
        let shown = shown(with: edits)
        let place = shown.firstIndex { $0.index == selected } ?? 0
        top = min(max(top, place - capacity + 1), place)
        top = max(0, min(top, shown.count - capacity))
    }
}
