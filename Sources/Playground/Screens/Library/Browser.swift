import Steering

/// The library browser: what was typed, and as much of the list as has been looked at.
struct Browser: Sendable, Equatable {
    private static let maximumLength = 80
    /// Pages further away than this are forgotten.
    private static let keptPages = 8

    private(set) var text = ""
    private(set) var order = FeatureQuery.Order.density
    /// The feature that was selected when the browser was opened.
    let feature: Int?
    /// The place of the selected feature in the list, and of the topmost visible one.
    private(set) var place = 0
    private(set) var top = 0
    /// How many features the list has; nil until the library has told.
    private(set) var count: Int?
    private var pages: [Int: [ListedFeature]] = [:]
    /// The pages that were asked for last and have not all come.
    private var asked: [Int] = []
    /// Whether the pages are of what was typed before.
    private var isOutdated = true

    init(feature: Int?) {
        self.feature = feature
    }

    /// The feature at a place of the list; nil while it has not come.
    subscript(place: Int) -> ListedFeature? {
        let features = pages[place / FeatureQuery.pageSize] ?? []
        let offset = place % FeatureQuery.pageSize
        return features.indices.contains(offset) ? features[offset] : nil
    }

    /// The selected feature; nil while the list is not that of what was typed.
    var selected: ListedFeature? { isOutdated ? nil : self[place] }

    mutating func type(_ characters: String) {
        text = String((text + characters.filter { !$0.isNewline }).prefix(Self.maximumLength))
        restart()
    }

    mutating func deleteBackward() {
        _ = text.popLast()
        restart()
    }

    /// Takes the next order; likeness needs a feature to compare with.
    mutating func showNextOrder() {
        let orders = FeatureQuery.Order.allCases.filter { $0 != .likeness || feature != nil }
        order = orders[((orders.firstIndex(of: order) ?? 0) + 1) % orders.count]
        restart()
    }

    /// Moves the selection down the list by some rows, or up when `rows` is negative.
    mutating func moveSelection(by rows: Int) {
        place = min(max(place + min(max(rows, -place), Int(Int32.max)), 0), max(0, (count ?? 1) - 1))
    }

    /// Scrolls as little as shows the selected feature in a window of `capacity` features.
    mutating func scrollToSelection(capacity: Int) {
        top = min(max(top, place - capacity + 1), place)
        top = max(0, min(top, (count ?? 0) - capacity))
    }

    /// What to ask the library for, to fill a window of `capacity` features; none when it has been asked for already.
    mutating func queries(capacity: Int) -> [FeatureQuery] {
        let last = max(top, min(top + capacity, count ?? 1) - 1)
        let visible = top / FeatureQuery.pageSize...last / FeatureQuery.pageSize
        let wanted = visible.filter { isOutdated || pages[$0] == nil }
        guard wanted != asked else { return [] }
        asked = wanted
        return wanted.map { FeatureQuery(text: text, order: order, feature: order == .likeness ? feature : nil, page: $0) }
    }

    /// Takes in a page, unless something else has been typed meanwhile.
    mutating func take(_ page: FeaturePage, for query: FeatureQuery) {
        guard query.text == text, query.order == order else { return }
        if isOutdated { pages = [:] }
        isOutdated = false
        pages[query.page] = page.features
        count = page.count
        place = min(place, max(0, page.count - 1))
        if pages.count > Self.keptPages, let farthest = pages.keys.max(by: { abs($0 - query.page) < abs($1 - query.page) }) {
            pages[farthest] = nil
        }
    }

    private mutating func restart() {
        (place, top, asked, isOutdated) = (0, 0, [], true)
    }
}
