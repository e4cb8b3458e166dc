import Steering
import Terminal

/// What is typed: numbers for sliders, the help's pages, the command palette.
extension State {
    /// Begins to type a number; Escape ends the full screen and a search.
    mutating func beginEntry(with press: KeyPress) -> [Effect] {
        if press.key == .escape {
            comparison.isFullScreen = false
            list.filter = FeatureFilter()
        }
        guard let handle = selectedHandle, press.modifiers.isEmpty, case .character(let character) = press.key, Entry.allows(character)
        else {
            return []
        }
        entry = Entry(handle, text: String(character))
        return []
    }

    mutating func typeInEntry(_ press: KeyPress) -> [Effect] {
        switch press.key {
        case .enter: return commitEntry()
        case .escape: entry = nil
        case .backspace: entry?.deleteBackward()
        case .character(let character) where press.modifiers.isEmpty: entry?.type(String(character))
        default: break
        }
        return []
    }

    private mutating func commitEntry() -> [Effect] {
        guard let entry else { return [] }
        switch entry.handle {
        case .feature(let index):
            guard let feature = list[index] else { return [] }
            guard let value = Expression.value(of: entry.text, x: value(of: feature)) else {
                return refuse("\"\(entry.text)\" is not a value: type a number, or for instance *2, +3 or x/2.")
            }
            self.entry = nil
            return set(feature, to: value)
        case .strength(let part):
            guard let strength = stack.strength(of: part) else { return [] }
            let bounds = Strength.range.lowerBound * 100...Strength.range.upperBound * 100
            guard let percent = Expression.value(of: entry.text, x: strength * 100), bounds.contains(percent) else {
                return refuse("\"\(entry.text)\" is not a strength: type a number from 0 to 200, or for instance x/2.")
            }
            self.entry = nil
            return set(part, toStrength: percent / 100)
        }
    }

    mutating func refuse(_ sentence: String) -> [Effect] {
        notice = .error(sentence)
        return []
    }

    /// Scrolls the help; any other key leaves it.
    mutating func turnHelp(_ top: Int, _ press: KeyPress) -> [Effect] {
        let rows: Int
        switch bindings.action(for: press) {
        case .selectPrevious: rows = -1
        case .selectNext: rows = 1
        case .leapDown where press.key == .pageDown, .leapUp where press.key == .pageUp:
            rows = press.key == .pageDown ? layout.help.rows : -layout.help.rows
        default:
            overlay = nil
            return []
        }
        overlay = .help(top: min(max(top + rows, 0), HelpText.lastTop(for: bindings, in: layout.help)))
        return []
    }

    mutating func type(_ press: KeyPress, in palette: Palette) -> [Effect] {
        var palette = palette
        switch press.key {
        case .escape: overlay = nil
        case .enter:
            guard let action = palette.selected(in: bindings) else { return [] }
            overlay = nil
            return perform(action)
        case .up: palette.moveSelection(by: -1, in: bindings)
        case .down: palette.moveSelection(by: 1, in: bindings)
        case .pageUp: palette.moveSelection(by: -10, in: bindings)
        case .pageDown: palette.moveSelection(by: 10, in: bindings)
        case .backspace: palette.deleteBackward()
        case .character(let character) where press.modifiers.isEmpty: palette.type(String(character))
        default: break
        }
        if overlay != nil { overlay = .palette(palette) }
        return []
    }
}
