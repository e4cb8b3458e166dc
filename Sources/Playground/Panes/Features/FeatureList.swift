import Steering

/// The features of the picture: which of them are listed, which one is selected, and where the list is scrolled to.
struct FeatureList: Sendable, Equatable {
    /// Which features are listed; those that edits touch always are, and with `edited` no others.
    enum Scope: Sendable, Equatable, CaseIterable {
        case strongest, all, edited
    }

    static let strongestCount = 10

    /// All active features, strongest effect first.
    private(set) var features: [Feature]
    /// How many features the autoencoder has.
    let count: Int
    private let places: [Int: Int]
    /// What the library knows of features that the picture does not show.
    private(set) var remembered: [Int: Feature]
    private(set) var scope = Scope.strongest
    var filter = FeatureFilter()
    /// The selected feature's index in the autoencoder; nil when no feature is active in the picture.
    private(set) var selected: Int?
    private var selection = ListSelection()

    /// The place in `shown` of the topmost visible feature.
    var top: Int { selection.top }

    init(_ features: [Feature] = [], count: Int = 0, remembering remembered: [Int: Feature] = [:]) {
        self.features = features
        self.remembered = remembered
        self.count = max(count, (features.map(\.index).max() ?? -1) + 1)
        places = Dictionary(zip(features.map(\.index), features.indices), uniquingKeysWith: { first, _ in first })
        selected = features.first?.index
    }

    /// The feature with this index in the autoencoder; one that the picture does not show has the activation 0.
    subscript(index: Int) -> Feature? {
        guard (0..<count).contains(index) else { return nil }
        return places[index].map { features[$0] } ?? remembered[index] ?? Feature(index: index, activation: 0, norm: 1)
    }

    var selectedFeature: Feature? { selected.flatMap { self[$0] } }

    /// The features listed, strongest first, and then those that the picture does not show.
    ///
    /// The selected one is among them, so that resetting an edit does not pull the row away from under the user; but a filter, and the wish
    /// for edited features, are obeyed to the letter.
    func shown(with edits: EditStack) -> [Feature] {
        var kept = Set(edits.features)
        if !filter.isEmpty {
            if let number = filter.number { kept.insert(number) }
            return (features + absent(kept)).filter(filter.matches)
        }
        if let selected, scope != .edited { kept.insert(selected) }
        let strongest = scope == .strongest ? Self.strongestCount : 0
        let live =
            scope == .all
            ? features : features.enumerated().filter { $0.offset < strongest || kept.contains($0.element.index) }.map(\.element)
        return live + absent(kept)
    }

    /// Stores what is known of a feature that is not active in the picture.
    mutating func remember(_ feature: Feature) { remembered[feature.index] = feature }

    /// Those of some features of which nothing is known: the picture does not show them, and the library has not been asked.
    func unknown(among indices: [Int]) -> [Int] {
        indices.filter { (0..<count).contains($0) && places[$0] == nil && remembered[$0] == nil }
    }

    /// Gives features that have no label one.
    mutating func name(_ labels: [Int: String]) {
        func named(_ feature: Feature) -> Feature {
            guard feature.label == nil, let label = labels[feature.index] else { return feature }
            return Feature(
                index: feature.index, activation: feature.activation, norm: feature.norm, label: label, maximum: feature.maximum)
        }
        if labels.isEmpty { return }
        features = features.map(named)
        remembered = remembered.mapValues(named)
    }

    mutating func select(_ feature: Int) {
        if self[feature] != nil { selected = feature }
    }

    /// Moves the selection down the list by some rows, or up when `rows` is negative.
    mutating func moveSelection(by rows: Int, with edits: EditStack) {
        let shown = shown(with: edits)
        guard !shown.isEmpty else { return }
        selection.select(shown.firstIndex { $0.index == selected } ?? 0, count: shown.count)
        selection.move(.rows(rows), count: shown.count)
        selected = shown[selection.row].index
    }

    /// Selects the first listed feature when a filter hides the one that was.
    mutating func selectListed(with edits: EditStack) {
        let shown = shown(with: edits)
        if !shown.contains(where: { $0.index == selected }), let first = shown.first { selected = first.index }
    }

    mutating func showNextScope() {
        let place = Scope.allCases.firstIndex(of: scope) ?? 0
        scope = Scope.allCases[(place + 1) % Scope.allCases.count]
    }

    /// Scrolls as little as shows the selected feature in a window of `capacity` features.
    mutating func scrollToSelection(capacity: Int, with edits: EditStack) {
        let shown = shown(with: edits)
        selection.select(shown.firstIndex { $0.index == selected } ?? 0, count: shown.count)
        selection.settle(count: shown.count, capacity: capacity)
    }

    /// Those of some features that the picture does not show.
    private func absent(_ indices: Set<Int>) -> [Feature] {
        indices.filter { places[$0] == nil }.sorted().compactMap { self[$0] }
    }
}
