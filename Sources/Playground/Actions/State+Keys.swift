import Steering
import Terminal

/// What keys and pasted text do.
extension State {
    /// What works on any screen; while something is open, by keys with Control alone, since others are for that.
    private static let alwaysPossible: [Action: Effect] = [.quit: .quit, .repaint: .repaint, .suspend: .suspend]

    mutating func press(_ press: KeyPress) -> [Effect] {
        let action = bindings.action(for: press)
        if !isOpen || press.modifiers.contains(.control), let action, let effect = Self.alwaysPossible[action] { return [effect] }
        guard display.isLargeEnough else { return [] }
        if notice?.isError == true { notice = nil }
        if isOpen, action == .quit, !takesAsText(press) { return leaveWhatIsOpen() }
        switch overlay {
        case .help(let top): return turnHelp(top, press)
        case .palette(let palette): return type(press, in: palette)
        case .prompt(let prompt): return type(press, in: prompt)
        case .browser(let browser): return type(press, in: browser)
        case .groups(let groups): return type(press, in: groups)
        case .borrowing(let borrowing): return type(press, in: borrowing)
        case nil: break
        }
        if entry != nil { return typeInEntry(press) }
        if let action { return perform(action) }
        return beginEntry(with: press)
    }

    /// Whether something lies over the list or is being typed into it; what a small window hides is not open.
    private var isOpen: Bool { display.isLargeEnough && (overlay != nil || entry != nil) }

    /// Whether the key is a character of what is being typed.
    private func takesAsText(_ press: KeyPress) -> Bool {
        guard case .character(let character) = press.key, press.modifiers.isEmpty else { return false }
        return overlay?.takesText ?? Entry.allows(character)
    }

    private mutating func leaveWhatIsOpen() -> [Effect] {
        if overlay == nil { entry = nil } else { overlay = nil }
        return []
    }

    mutating func paste(_ text: String) -> [Effect] {
        switch overlay {
        case .prompt(var prompt):
            prompt.type(text)
            return show(prompt)
        case .palette(var palette):
            palette.type(text)
            overlay = .palette(palette)
        case .browser(var browser):
            browser.type(text)
            return show(browser)
        case .help, .groups, .borrowing, nil: entry?.type(text)
        }
        return []
    }

    mutating func perform(_ action: Action) -> [Effect] {
        switch action {
        case .selectPrevious: return select(rows: -1)
        case .selectNext: return select(rows: 1)
        case .stepDown: return step(isUp: false, isCoarse: false)
        case .stepUp: return step(isUp: true, isCoarse: false)
        case .leapDown: return step(isUp: false, isCoarse: true)
        case .leapUp: return step(isUp: true, isCoarse: true)
        case .toMinimum: return moveToEnd(isMaximum: false)
        case .toMaximum: return moveToEnd(isMaximum: true)
        case .type: entry = selectedHandle.map { Entry($0) }
        case .reset: return reset(selectedHandle)
        case .resetAll: return resetAll()
        case .ablate: return ablate()
        case .isolate: return isolate()
        case .randomise: return ask(.randomise, "5")
        case .switchList: return switchList()
        case .showNextScope: list.showNextScope()
        case .filter: return ask(.filter, list.filter.text)
        case .switchEdit: return switchCurrent()
        case .solo: return soloCurrent()
        case .moveUp: return moveCurrent(down: false)
        case .moveDown: return moveCurrent(down: true)
        case .duplicate: return duplicateCurrent()
        case .delete: return deleteCurrent()
        case .mark: return markCurrent()
        case .group: return askForGroup()
        case .groupFeatures: return askForGrouping()
        case .groupAlike: return askForAlike()
        case .saveGroup: return saveGroup()
        case .addGroup: return askForGroups()
        case .undo: return undo()
        case .redo: return redo()
        default: return performOnPictures(action)
        }
        return []
    }

    private mutating func performOnPictures(_ action: Action) -> [Effect] {
        switch action {
        case .peek: return peek()
        case .toggleBefore: comparison.showsBefore.toggle()
        case .showNextComparison: return showNextComparison()
        case .compareSideBySide: return compare(by: .sideBySide)
        case .compareByWipe: return compare(by: .wipe)
        case .compareByDifference: return compare(by: .difference)
        case .showBeforeOnly: return compare(by: .before)
        case .showAfterOnly: return compare(by: .after)
        case .moveDividerLeft: return moveDivider(by: -Comparison.dividerStep)
        case .moveDividerRight: return moveDivider(by: Comparison.dividerStep)
        case .markBefore: return markBefore()
        case .unmarkBefore: return unmarkBefore()
        case .zoomIn: return zoom(in: true)
        case .zoomOut: return zoom(in: false)
        case .panLeft: return pan(x: -0.25)
        case .panRight: return pan(x: 0.25)
        case .panUp: return pan(y: -0.25)
        case .panDown: return pan(y: 0.25)
        case .fullScreen: comparison.isFullScreen.toggle()
        case .showNextGraphics: return showNextGraphics()
        default: return performOnSession(action)
        }
        return []
    }

    private mutating func performOnSession(_ action: Action) -> [Effect] {
        switch action {
        case .browse: return openBrowser()
        case .borrow: return askForDonor()
        case .makeDirection: return ask(.direction)
        case .open: return ask(.open)
        case .nextPicture: return openNeighbour(isNext: true)
        case .previousPicture: return openNeighbour(isNext: false)
        case .switchStart: return switchStart()
        case .switchInversion: return switchInversion()
        case .newSeed: return takeNewSeed()
        case .typeSeed: return ask(.seed, String(settings.seed))
        case .lockSeed: return lockSeed()
        case .steps: return ask(.steps, String(settings.sampling.steps))
        case .guidance: return ask(.guidance, Float(settings.sampling.guidance).short)
        case .export: return export(.picture)
        case .exportPair: return export(.pair)
        case .exportRecipe: return exportRecipe()
        case .palette: overlay = .palette(Palette())
        case .help: overlay = .help(top: 0)
        default: return Self.alwaysPossible[action].map { [$0] } ?? []
        }
        return []
    }

    private mutating func showNextGraphics() -> [Effect] {
        let place = display.graphics.firstIndex(of: graphics) ?? 0
        graphics = display.graphics[(place + 1) % display.graphics.count]
        return inform("Drawing pictures as \(graphics.name).")
    }
}

extension GraphicsProtocol {
    /// What it is called in the status line.
    var name: String {
        switch self {
        case .kitty: "kitty graphics"
        case .sixel: "sixel graphics"
        case .blocks: "half blocks"
        case .ascii: "characters"
        }
    }
}
