import Terminal

/// What keys and pasted text do.
extension State {
    /// What works on any screen and in the middle of anything.
    private static let alwaysPossible: [Action: Effect] = [.quit: .quit, .repaint: .repaint, .suspend: .suspend]

    mutating func press(_ press: KeyPress) -> [Effect] {
        let action = Bindings.action(for: press)
        if let action, let effect = Self.alwaysPossible[action] { return [effect] }
        guard display.isLargeEnough else { return [] }
        if notice?.isError == true { notice = nil }
        if showsHelp {
            showsHelp = false
            return []
        }
        if entry != nil { return typeInEntry(press) }
        if let action { return perform(action) }
        return beginEntry(with: press)
    }

    mutating func paste(_ text: String) -> [Effect] {
        entry?.type(text)
        return []
    }

    private mutating func perform(_ action: Action) -> [Effect] {
        switch action {
        case .selectPrevious: return select(rows: -1)
        case .selectNext: return select(rows: 1)
        case .stepDown: return step { -$0.fineStep }
        case .stepUp: return step { $0.fineStep }
        case .leapDown: return step { -$0.coarseStep }
        case .leapUp: return step { $0.coarseStep }
        case .toMinimum: return setSelected { _ in 0 }
        case .toMaximum: return setSelected { $0.limit }
        case .type: entry = list.selected.map { Entry(feature: $0) }
        case .reset: return resetSelected()
        case .resetAll: return resetAll()
        case .switchEdit: return switchSelected()
        case .undo: return undo()
        case .redo: return redo()
        case .toggleBefore: showsBefore.toggle()
        case .showNextScope: list.showNextScope()
        case .showNextGraphics: return showNextGraphics()
        case .export: return export()
        case .help: showsHelp = true
        case .repaint, .suspend, .quit: return Self.alwaysPossible[action].map { [$0] } ?? []
        }
        return []
    }

    private mutating func beginEntry(with press: KeyPress) -> [Effect] {
        guard let feature = list.selected, press.modifiers.isEmpty, case .character(let character) = press.key, Entry.allows(character)
        else {
            return []
        }
        entry = Entry(feature: feature, text: String(character))
        return []
    }

    private mutating func typeInEntry(_ press: KeyPress) -> [Effect] {
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
        guard let entry, let feature = list[entry.feature] else { return [] }
        guard let value = Expression.value(of: entry.text, x: value(of: feature)) else {
            notice = .error("\"\(entry.text)\" is not a value: type a number, or for instance *2, +3 or x/2.")
            return []
        }
        self.entry = nil
        return set(feature, to: value)
    }

    private mutating func showNextGraphics() -> [Effect] {
        let place = display.graphics.firstIndex(of: graphics) ?? 0
        graphics = display.graphics[(place + 1) % display.graphics.count]
        return inform("Pictures are shown as \(graphics.name).")
    }

    private mutating func export() -> [Effect] {
        guard let shown = renders.shown else { return inform("There is no picture to save yet.") }
        isExportWaiting = true
        return shown.isFinished ? exportIfWaiting() : inform("The picture will be saved as soon as it is finished.")
    }
}

extension GraphicsProtocol {
    /// What it is called in the status line.
    var name: String {
        switch self {
        case .sixel: "sixel graphics"
        case .blocks: "half blocks"
        case .ascii: "characters"
        }
    }
}
