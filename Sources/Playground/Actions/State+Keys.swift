import Steering
import Terminal

/// What keys and pasted text do: the top overlay hears them first, then the panes.
extension State {
    mutating func press(_ press: KeyPress) -> [Effect] {
        let action = bindings.action(for: press)
        let isOpen = display.isLargeEnough && !overlays.isEmpty
        if !isOpen || press.modifiers.contains(.control), let effect = action?.member(of: SessionAction.self)?.effectAnywhere {
            return [effect]
        }
        guard display.isLargeEnough else { return [] }
        return changeNotices { $0.see() } + act(on: press, action)
    }

    private mutating func act(on press: KeyPress, _ action: Action?) -> [Effect] {
        guard overlays.isEmpty else {
            if let effects = hear({ $0.press(press, &$1) }) { return effects }
            if press.key == .escape || action == Action(SessionAction.quit) { closeTop() }
            return []
        }
        if let action { return action.perform(on: &self) }
        if press.key == .escape { leaveView() }
        return beginValue(with: press)
    }

    mutating func paste(_ text: String) -> [Effect] { changeNotices { $0.see() } + (hear { $0.paste(text, &$1) } ?? []) }

    /// Escape ends the full screen and a search.
    private mutating func leaveView() {
        pictures.comparison.isFullScreen = false
        features.list.filter = FeatureFilter()
    }
}
