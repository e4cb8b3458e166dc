/// What a list of the stack shows as one row: a group, above its edits, or an edit.
public enum EditPart: Sendable, Hashable {
    case group(Int)
    case edit(Int)

    /// Whether it is the edit or its group.
    func holds(_ edit: Edit) -> Bool {
        switch self {
        case .group(let id): edit.group == id
        case .edit(let id): edit.id == id
        }
    }
}

/// The stack as a list that is arranged by hand. A group's edits always stand together.
extension EditStack {
    /// The rows of the list, from the first edit to the last.
    public var parts: [EditPart] {
        blocks.flatMap { block in (block[0].group.map { [.group($0)] } ?? []) + block.map { .edit($0.id) } }
    }

    public subscript(edit id: Int) -> Edit? { edits.first { $0.id == id } }

    public subscript(group id: Int) -> EditGroup? { groups.first { $0.id == id } }

    /// The edits that a part stands for.
    public func edits(of part: EditPart) -> [Edit] {
        edits.filter(part.holds)
    }

    /// Changes the group with this id, if it is here.
    public mutating func updateGroup(_ id: Int, _ change: (inout EditGroup) -> Void) {
        guard let index = groups.firstIndex(where: { $0.id == id }) else { return }
        change(&groups[index])
    }

    /// Takes a part away: an edit, or a group with its edits.
    public mutating func remove(_ part: EditPart) {
        let gone = Set(edits(of: part).map(\.id))
        edits.removeAll { gone.contains($0.id) }
        forgetEmptyGroups()
    }

    /// Puts edits with these values on top, in a group of their own; no values make no group.
    public mutating func append(
        _ values: [(feature: Int, value: Float)], inGroup name: String, as kind: Edit.Kind = .set, strength: Float = 1
    ) {
        guard !values.isEmpty else { return }
        let group = addGroup(named: uniqueName(name))
        updateGroup(group) { $0.strength = strength }
        edits += values.map { Edit(id: newID(), kind: kind, feature: $0.feature, value: $0.value, group: group) }
    }

    /// Puts an edit at the end of the group with this name, which is made when there is none.
    public mutating func group(_ id: Int, as name: String) {
        guard let place = edits.firstIndex(where: { $0.id == id }) else { return }
        let group = groups.first { $0.name == name }?.id ?? addGroup(named: name)
        guard edits[place].group != group else { return }
        var edit = edits.remove(at: place)
        edit.group = group
        let target = edits.lastIndex { $0.group == group }.map { $0 + 1 } ?? boundary(near: place)
        edits.insert(edit, at: target)
        forgetEmptyGroups()
    }

    /// Takes an edit out of its group, to the place below it.
    public mutating func ungroup(_ id: Int) {
        guard let place = edits.firstIndex(where: { $0.id == id }), let group = edits[place].group else { return }
        var edit = edits.remove(at: place)
        edit.group = nil
        let target = edits.lastIndex { $0.group == group }.map { $0 + 1 } ?? place
        edits.insert(edit, at: target)
        forgetEmptyGroups()
    }

    /// Moves a part past its neighbour: an edit inside its group and then out of it, a group as a whole.
    public mutating func move(_ part: EditPart, down: Bool) {
        var blocks = blocks
        guard let place = blocks.firstIndex(where: { $0.contains(where: part.holds) }) else { return }
        if case .edit(let id) = part, let group = blocks[place][0].group {
            return moveMember(id, of: group, down: down)
        }
        let neighbour = down ? place + 1 : place - 1
        guard blocks.indices.contains(neighbour) else { return }
        blocks.swapAt(place, neighbour)
        edits = blocks.flatMap { $0 }
    }

    /// Puts a copy of an edit, or of a group with its edits, below it.
    /// - Returns: the copy, or nil when the part is not here.
    @discardableResult
    public mutating func duplicate(_ part: EditPart) -> EditPart? {
        guard let last = edits.lastIndex(where: part.holds) else { return nil }
        let originals = edits(of: part)
        var group = originals[0].group
        if case .group(let id) = part, let original = self[group: id] {
            let copy = addGroup(named: uniqueName(original.name))
            updateGroup(copy) { ($0.strength, $0.isOn) = (original.strength, original.isOn) }
            group = copy
        }
        let copies = originals.map { Edit(copying: $0, id: newID(), group: group) }
        edits.insert(contentsOf: copies, at: last + 1)
        if case .group = part { return group.map { .group($0) } }
        return .edit(copies[0].id)
    }

    /// Makes this part the only one that counts, or all count again when it is that already.
    public mutating func toggleSolo(_ part: EditPart) { solo = solo == part ? nil : part }

    /// Lets every part count again.
    public mutating func endSolo() { solo = nil }

    /// The name, with a number when a group has it already.
    public func uniqueName(_ name: String) -> String {
        let taken = Set(groups.map(\.name))
        guard taken.contains(name) else { return name }
        return (2...groups.count + 2).lazy.map { "\(name) \($0)" }.first { !taken.contains($0) } ?? name
    }

    /// Removes the groups that no edit is in, and ends a solo of what is gone.
    mutating func forgetEmptyGroups() {
        let used = Set(edits.compactMap(\.group))
        groups.removeAll { !used.contains($0.id) }
        if let solo, edits(of: solo).isEmpty { self.solo = nil }
    }

    mutating func addGroup(named name: String) -> Int {
        let group = EditGroup(id: newID(), name: name)
        groups.append(group)
        return group.id
    }

    /// Edits that stand together: the edits of a group, or one without a group.
    private var blocks: [[Edit]] {
        edits.reduce(into: []) { blocks, edit in
            if edit.group != nil, blocks.last?.last?.group == edit.group {
                blocks[blocks.count - 1].append(edit)
            } else {
                blocks.append([edit])
            }
        }
    }

    private mutating func moveMember(_ id: Int, of group: Int, down: Bool) {
        guard let place = edits.firstIndex(where: { $0.id == id }) else { return }
        let neighbour = down ? place + 1 : place - 1
        if edits.indices.contains(neighbour), edits[neighbour].group == group {
            edits.swapAt(place, neighbour)
        } else {
            edits[place].group = nil
            forgetEmptyGroups()
        }
    }

    /// The nearest place from `place` on that is not inside a group.
    private func boundary(near place: Int) -> Int {
        var place = place
        while place > 0, place < edits.count, let group = edits[place].group, edits[place - 1].group == group { place += 1 }
        return place
    }
}

extension Edit {
    fileprivate init(copying edit: Edit, id: Int, group: Int?) {
        self.init(
            id: id, kind: edit.kind, target: edit.target, value: edit.value, strength: edit.strength, isOn: edit.isOn, group: group)
    }
}
