import Steering
import Terminal

/// The library browser: every feature of the pack, also those that the picture does not show.
extension State {
    mutating func openBrowser() -> [Effect] {
        guard pack != nil, analysis != nil else { return inform("There is no picture yet to add features to.") }
        return show(Browser(feature: list.selected))
    }

    mutating func type(_ press: KeyPress, in browser: Browser) -> [Effect] {
        var browser = browser
        let page = layout.browserCapacity
        switch (press.key, press.modifiers) {
        case (.escape, _):
            overlay = nil
            return []
        case (.enter, _): return browser.selected.map { add($0) } ?? []
        case (.tab, _): browser.showNextOrder()
        case (.up, _): browser.moveSelection(by: -1)
        case (.down, _): browser.moveSelection(by: 1)
        case (.pageUp, _): browser.moveSelection(by: -page)
        case (.pageDown, _): browser.moveSelection(by: page)
        case (.home, _): browser.moveSelection(by: -Int(Int32.max))
        case (.end, _): browser.moveSelection(by: Int(Int32.max))
        case (.backspace, _): browser.deleteBackward()
        case (.character(let character), []): browser.type(String(character))
        default: return []
        }
        return show(browser)
    }

    /// Shows a browser as it is now, and asks for what is to be seen of its list.
    mutating func show(_ browser: Browser) -> [Effect] {
        var browser = browser
        browser.scrollToSelection(capacity: layout.browserCapacity)
        let queries = browser.queries(capacity: layout.browserCapacity)
        overlay = .browser(browser)
        guard !queries.isEmpty else { return [] }
        let outdated = cancel { if case .list = $0 { true } else { false } }
        return outdated + queries.flatMap { ask(.list($0)) }
    }

    mutating func take(_ page: FeaturePage, for query: FeatureQuery) -> [Effect] {
        guard case .browser(var browser) = overlay else { return [] }
        browser.take(page, for: query)
        return show(browser)
    }

    /// Raises a feature of the library to a typical strength.
    private mutating func add(_ browsed: ListedFeature) -> [Effect] {
        overlay = nil
        list.remember(browsed.feature)
        list.filter = FeatureFilter()
        list.select(browsed.index)
        focus = .features
        guard let feature = list[browsed.index] else { return [] }
        return set(feature, to: Slider(feature).typicalValue)
    }
}
