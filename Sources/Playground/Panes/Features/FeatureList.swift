import Steering

/// The features of the picture: which of them are listed, which one is selected, and where the list is scrolled to.
struct FeatureList: Sendable, Equatable {
    /// Which features are listed; those that edits touch always are.
    enum Scope: Sendable, Equatable, CaseIterable {
        /// The strongest ones, as many as fit on the screen; where the picture has fewer, also those that it does not show.
        case strongest
        /// All that the autoencoder has.
        case all
        /// Only those that edits touch.
        case edited
    }

    static let strongestCount = 10

    /// All active features, strongest effect first.
    private(set) var features: [Feature]
    /// How many features the autoencoder has.
    let count: Int
    private let places: [Int: Int]
    /// What the library knows of features that the picture does not show.
    private(set) var remembered: [Int: Feature]
    /// The features of the library as far as they have been read, those that are active in most pictures first.
    private(set) var library: [Int]
    /// Whether the library has no more.
    private(set) var hasWholeLibrary = false
    /// The edited features that have been set below 0, whose sliders reach there as long as they are edited.
    private(set) var belowZero: Set<Int> = []
    /// How many features are visible at once.
    private(set) var capacity = 0
    private(set) var scope = Scope.strongest
    var filter = FeatureFilter()
    /// The selected feature's index in the autoencoder; nil when no feature is active in the picture.
    private(set) var selected: Int?
    private var selection = ListSelection()

    /// The place in `shown` of the topmost visible feature.
    var top: Int { selection.top }

    init(_ features: [Feature] = [], count: Int = 0, remembering known: FeatureList? = nil) {
        self.features = features
        remembered = known?.remembered ?? [:]
        library = known?.library ?? []
        hasWholeLibrary = known?.hasWholeLibrary ?? false
        capacity = known?.capacity ?? 0
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

    /// The features listed, strongest first, and then those that the picture does not show, first those that are touched.
    ///
    /// The selected one is among them, so that resetting an edit does not pull the row away from under the user; but a filter, and the wish
    /// for edited features, are obeyed to the letter.
    func shown(with edits: EditStack) -> [Feature] {
        let touched = Set(edits.features)
        if !filter.isEmpty {
            return (features + absent(touched.union([filter.number].compactMap(\.self)))).filter(filter.matches)
        }
        let (first, rest) = listed(touched)
        guard scope != .edited, let selected, !(first + rest).contains(where: { $0.index == selected }) else { return first + rest }
        if places[selected] == nil { return first + absent([selected]) + rest }
        return features.filter { feature in feature.index == selected || first.contains { $0.index == feature.index } } + absent(touched)
            + rest
    }

    /// The features that the picture shows or edits touch, and then those of the library, as far as they have been read.
    private func listed(_ touched: Set<Int>) -> ([Feature], [Feature]) {
        switch scope {
        case .strongest:
            let count = max(Self.strongestCount, capacity)
            let strongest = features.enumerated().filter { $0.offset < count || touched.contains($0.element.index) }.map(\.element)
            let first = strongest + absent(touched)
            return (first, inactive(except: touched, atMost: capacity - first.count))
        case .all: return (features + absent(touched.subtracting(library)), inactive(except: [], atMost: .max))
        case .edited: return (features.filter { touched.contains($0.index) } + absent(touched), [])
        }
    }

    /// The library's features that the picture does not show, as far as they have been read.
    private func inactive(except touched: Set<Int>, atMost most: Int) -> [Feature] {
        guard most > 0 else { return [] }
        return library.lazy.filter { places[$0] == nil && !touched.contains($0) }.prefix(most).compactMap { self[$0] }
    }

    /// The query for the next features of the library; nil while enough of them have been read.
    func nextQuery(with edits: EditStack) -> FeatureQuery? {
        guard count > 0, !hasWholeLibrary, filter.isEmpty else { return nil }
        let isWanted =
            switch scope {
            case .strongest: shown(with: edits).count < capacity
            case .all: shown(with: edits).count < selection.row + 2 * max(capacity, 1)
            case .edited: false
            }
        return isWanted ? FeatureQuery(page: library.count / FeatureQuery.pageSize) : nil
    }

    /// Takes in a page of the library, if it is the next one.
    mutating func take(_ page: FeaturePage, for query: FeatureQuery) {
        guard !hasWholeLibrary, query == FeatureQuery(page: library.count / FeatureQuery.pageSize) else { return }
        for feature in page.features where places[feature.index] == nil { remembered[feature.index] = feature.feature }
        library += page.features.map(\.index)
        hasWholeLibrary = page.features.count < FeatureQuery.pageSize
    }

    /// The library cannot be read: what the picture shows is all there is.
    mutating func doWithoutLibrary() { hasWholeLibrary = true }

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
                index: feature.index, activation: feature.activation, norm: feature.norm, label: label, maximum: feature.maximum,
                usual: feature.usual)
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
        self.capacity = capacity
        let shown = shown(with: edits)
        selection.select(shown.firstIndex { $0.index == selected } ?? 0, count: shown.count)
        selection.settle(count: shown.count, capacity: capacity)
    }

    /// The scale of a feature's slider.
    func slider(of feature: Feature) -> Slider { Slider(feature, actsBelow0: belowZero.contains(feature.index)) }

    /// Finds out which edited features are set below 0.
    mutating func noteBelowZero(_ edits: EditStack) {
        let edited = edits.features
        if edited.isEmpty, belowZero.isEmpty { return }
        belowZero.formIntersection(edited)
        for index in edited where edits.value(of: index, from: self[index]?.activation ?? 0) < 0 { belowZero.insert(index) }
    }

    /// Those of some features that the picture does not show.
    private func absent(_ indices: Set<Int>) -> [Feature] {
        indices.filter { places[$0] == nil }.sorted().compactMap { self[$0] }
    }
}
