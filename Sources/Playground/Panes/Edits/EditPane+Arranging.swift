import Steering

/// What arranges the edit stack. It acts on the current part: the selected row, or the edit of the selected feature.
extension EditPane {
    private static let noEdit = PaneAnswer.inform("This feature has no edit yet: move its slider.")

    func toggle(_ state: State) -> [PaneAnswer] {
        selected.map { part in [.edits(state.stack.changed { $0.toggle(part) })] } ?? []
    }

    func solo(_ state: State) -> [PaneAnswer] { change(state) { $0.toggleSolo($1) } }

    func move(down: Bool, _ state: State) -> [PaneAnswer] { change(state) { $0.move($1, down: down) } }

    func delete(_ state: State) -> [PaneAnswer] { change(state) { $0.remove($1) } }

    /// Copies the current edit or group, and selects the copy.
    mutating func duplicate(_ state: State) -> [PaneAnswer] {
        var copy: EditPart?
        let answers = change(state) { copy = $0.duplicate($1) }
        if let copy { select(copy) }
        return answers
    }

    private func change(_ state: State, _ edit: (inout EditStack, EditPart) -> Void) -> [PaneAnswer] {
        guard let part = state.currentPart else { return [Self.noEdit] }
        return [.edits(state.stack.changed { edit(&$0, part) })]
    }

    /// Marks or unmarks the current edit or group, and selects the next row.
    mutating func mark(_ state: State) -> [PaneAnswer] {
        guard let part = state.currentPart else { return [Self.noEdit] }
        toggleMark(of: part, in: state.stack)
        if state.focus == .edits { moveSelection(by: 1, in: state.stack) }
        return []
    }

    /// Asks for the name of a group for the marked edits, or else for the current one.
    func askForGroup(_ state: State) -> [PaneAnswer] {
        let chosen = state.stack.edits.map(\.id).filter(marked.contains)
        guard chosen.isEmpty else { return [.question(.gather(chosen))] }
        guard let part = state.currentPart else { return [Self.noEdit] }
        return [.question(.name(part), text: state.stack.group(of: part)?.name ?? "")]
    }

    /// Renames a group, or puts an edit into the group of this name; no name takes it out.
    func name(_ part: EditPart, _ name: String, _ state: State) -> [PaneAnswer] {
        let changed = state.stack.changed { stack in
            switch part {
            case .group where name.isEmpty: for edit in stack.edits(of: part).reversed() { stack.ungroup(edit.id) }
            case .group(let id):
                guard name != stack[group: id]?.name else { return }
                let name = stack.uniqueName(name)
                stack.updateGroup(id) { $0.name = name }
            case .edit(let id) where name.isEmpty: stack.ungroup(id)
            case .edit(let id): stack.group(id, as: name)
            }
        }
        return [.edits(changed)]
    }

    /// Puts edits into the group of this name; no name takes them out of theirs.
    mutating func gather(_ edits: [Int], _ name: String, _ state: State) -> [PaneAnswer] {
        clearMarks()
        let changed = state.stack.changed { stack in
            if name.isEmpty {
                for edit in edits.reversed() { stack.ungroup(edit) }
            } else {
                for edit in edits { stack.group(edit, as: name) }
            }
        }
        return [.edits(changed)]
    }
}
