import Steering
import Terminal

/// The library browser: the search text, and the pages of the list that have been loaded.
struct Browser: Overlay {
    /// Pages further away than this are forgotten.
    private static let keptPages = 8

    private(set) var search = TextField(limit: 80)
    private(set) var order = FeatureQuery.Order.density
    /// The feature that was selected when the browser was opened.
    let feature: Int?
    private(set) var selection = ListSelection()
    /// The number of features in the list; nil until the library has answered.
    private(set) var count: Int?
    private var pages: [Int: [ListedFeature]] = [:]
    /// The pages asked for last, which have not all arrived.
    private var asked: [Int] = []
    /// Whether the pages belong to an earlier search text.
    private var isOutdated = true

    init(feature: Int?) {
        self.feature = feature
    }

    /// The feature at a place of the list; nil until its page has arrived.
    subscript(place: Int) -> ListedFeature? {
        let features = pages[place / FeatureQuery.pageSize] ?? []
        let offset = place % FeatureQuery.pageSize
        return features.indices.contains(offset) ? features[offset] : nil
    }

    /// The selected feature; nil while the list belongs to an earlier search text.
    var selected: ListedFeature? { isOutdated ? nil : self[selection.row] }

    mutating func press(_ press: KeyPress, _ state: inout State) -> Response {
        if let movement = ListSelection.Movement(press, isBesideText: !search.isEmpty) {
            selection.move(movement, count: count ?? 1, page: state.layout.browserCapacity)
            return .stays()
        }
        switch press.key {
        case .enter: return selected.map { .closes(state.add($0)) } ?? .stays()
        case .tab:
            showNextOrder()
            return .stays()
        default: return edited(search.press(press), &state)
        }
    }

    mutating func paste(_ text: String, _ state: inout State) -> Response { edited(search.paste(text), &state) }

    private mutating func edited(_ outcome: TextField.Outcome, _ state: inout State) -> Response {
        if outcome == .changed { restart() }
        return state.response(to: outcome)
    }

    mutating func point(_ event: MouseEvent, _ state: inout State) -> Response {
        selection.point(event, in: state.layout.browserRows, count: count ?? 0)
        return .stays()
    }

    mutating func settle(_ state: inout State) -> [Effect] {
        let capacity = state.layout.browserCapacity
        selection.settle(count: count ?? 1, capacity: capacity)
        let queries = queries(capacity: capacity)
        guard !queries.isEmpty else { return [] }
        let outdated = state.cancel { if case .list(let query) = $0 { query != FeatureQuery(page: query.page) } else { false } }
        return outdated + queries.flatMap { state.ask(.list($0)) }
    }

    /// Sorts the list in the next order; similarity needs a feature to compare with.
    private mutating func showNextOrder() {
        let orders = FeatureQuery.Order.allCases.filter { $0 != .likeness || feature != nil }
        order = orders[((orders.firstIndex(of: order) ?? 0) + 1) % orders.count]
        restart()
    }

    /// The queries that fill a window of `capacity` features; none for pages that have been asked for already.
    private mutating func queries(capacity: Int) -> [FeatureQuery] {
        let top = selection.top
        let last = max(top, min(top + capacity, count ?? 1) - 1)
        let visible = top / FeatureQuery.pageSize...last / FeatureQuery.pageSize
        let wanted = visible.filter { isOutdated || pages[$0] == nil }
        guard wanted != asked else { return [] }
        asked = wanted
        return wanted.map { FeatureQuery(text: search.text, order: order, feature: order == .likeness ? feature : nil, page: $0) }
    }

    /// Stores a page, unless the search text has changed meanwhile.
    mutating func take(_ page: FeaturePage, for query: FeatureQuery) {
        guard query.text == search.text, query.order == order else { return }
        if isOutdated { pages = [:] }
        isOutdated = false
        pages[query.page] = page.features
        count = page.count
        if pages.count > Self.keptPages, let farthest = pages.keys.max(by: { abs($0 - query.page) < abs($1 - query.page) }) {
            pages[farthest] = nil
        }
    }

    private mutating func restart() {
        (selection, asked, isOutdated) = (ListSelection(), [], true)
    }
}

/// The library browser: every feature of the pack, also those that the picture does not show.
extension State {
    mutating func openBrowser() -> [Effect] {
        guard pack != nil, analysis != nil else { return inform("There is no picture yet to add features to.") }
        return show(Browser(feature: features.list.selected))
    }

    mutating func take(_ page: FeaturePage, for query: FeatureQuery) -> [Effect] {
        overlays.change(Browser.self) { $0.take(page, for: query) }
        features.list.take(page, for: query)
        return []
    }

    /// Adds a feature of the library, set to its largest known activation.
    fileprivate mutating func add(_ browsed: ListedFeature) -> [Effect] {
        features.list.remember(browsed.feature)
        features.list.filter = FeatureFilter()
        features.list.select(browsed.index)
        focus = .features
        guard let feature = features.list[browsed.index] else { return [] }
        return set(feature, to: Slider(feature).typicalValue)
    }
}
