import Steering

/// What arranges the edit stack.
extension State {
    mutating func switchCurrent() -> [Effect] {
        switch (focus, editList.selected) {
        case (.edits, let part?): return change { $0.toggle(part) }
        case (.edits, nil): return []
        case (.features, _):
            guard let selected = list.selected else { return [] }
            return change { stack in
                let edits = stack.edits.filter { $0.feature == selected }
                let isOn = !edits.contains(where: \.isOn)
                for edit in edits { stack.update(edit.id) { $0.isOn = isOn } }
            }
        }
    }

    mutating func soloCurrent() -> [Effect] { changeCurrent { $0.toggleSolo($1) } }

    mutating func moveCurrent(down: Bool) -> [Effect] { changeCurrent { $0.move($1, down: down) } }

    mutating func deleteCurrent() -> [Effect] { changeCurrent { $0.remove($1) } }

    /// Copies the current edit or group, and selects the copy.
    mutating func duplicateCurrent() -> [Effect] {
        var copy: EditPart?
        let effects = changeCurrent { copy = $0.duplicate($1) }
        if let copy { editList.select(copy) }
        return effects
    }

    /// Marks or unmarks the current edit or group, and selects the next row.
    mutating func markCurrent() -> [Effect] {
        guard let part = currentPart else { return informOfNoEdit() }
        editList.toggleMark(of: part, in: stack)
        if focus == .edits { editList.moveSelection(by: 1, in: stack) }
        return []
    }

    /// Asks for the name of a group for the marked edits, or else for the current one.
    mutating func askForGroup() -> [Effect] {
        let marked = stack.edits.map(\.id).filter(editList.marked.contains)
        guard marked.isEmpty else { return ask(.gather(marked)) }
        guard let part = currentPart else { return informOfNoEdit() }
        return ask(.name(part), stack.group(of: part)?.name ?? "")
    }

    /// Renames a group, or puts an edit into the group of this name; no name takes it out.
    mutating func name(_ part: EditPart, _ name: String) -> [Effect] {
        switch part {
        case .group(let id):
            guard !name.isEmpty else { return change { stack in for edit in stack.edits(of: part).reversed() { stack.ungroup(edit.id) } } }
            guard name != stack[group: id]?.name else { return [] }
            return change { stack in
                let name = stack.uniqueName(name)
                stack.updateGroup(id) { $0.name = name }
            }
        case .edit(let id): return change { name.isEmpty ? $0.ungroup(id) : $0.group(id, as: name) }
        }
    }

    /// Puts edits into the group of this name; no name takes them out of theirs.
    mutating func gather(_ edits: [Int], _ name: String) -> [Effect] {
        editList.clearMarks()
        return change { stack in
            if name.isEmpty {
                for edit in edits.reversed() { stack.ungroup(edit) }
            } else {
                for edit in edits { stack.group(edit, as: name) }
            }
        }
    }

    /// Sets every feature but the selected one to 0; the second time, restores them.
    mutating func isolate() -> [Effect] {
        guard let selected = list.selected else { return [] }
        let name = "isolated"
        let others = list.features.filter { $0.index != selected }
        return change { stack in
            let old = stack.groups.first { $0.name == name }.map { EditPart.group($0.id) }
            let wasIsolated = old.map { !stack.edits(of: $0).contains { $0.feature == selected } } ?? false
            if let old { stack.remove(old) }
            if !wasIsolated { stack.append(others.map { ($0.index, 0) }, inGroup: name) }
        }
    }

    /// Sets some active features to random values on the lower two thirds of their sliders; doing it again replaces these edits.
    mutating func randomise(_ count: Int) -> [Effect] {
        var random = random
        let chosen = list.features.shuffled(using: &random).prefix(count)
        let values = chosen.map { ($0.index, Float.random(in: 0...Slider($0).limit * 2 / 3, using: &random)) }
        self.random = random
        let name = "random"
        return change { stack in
            if let old = stack.groups.first(where: { $0.name == name }) { stack.remove(.group(old.id)) }
            stack.append(values, inGroup: name)
        }
    }

    private mutating func changeCurrent(_ edit: (inout EditStack, EditPart) -> Void) -> [Effect] {
        guard let part = currentPart else { return informOfNoEdit() }
        return change { edit(&$0, part) }
    }

    private mutating func informOfNoEdit() -> [Effect] { inform("This feature has no edit yet: move its slider.") }
}
