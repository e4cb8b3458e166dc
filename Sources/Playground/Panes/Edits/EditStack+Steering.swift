import Steering

extension EditStack {
    /// Sets a feature's activation through its last edit that counts, or else switches its last edit on and uses that.
    mutating func steer(_ feature: Feature, to value: Float) {
        guard value != self.value(of: feature.index, from: feature.activation) else { return }
        let own = edits.filter { $0.feature == feature.index }
        guard let edit = own.last(where: { effective($0).isOn && effective($0).strength > 0 }) else {
            return revive(own.last, of: feature, value)
        }
        // Later edits of the feature do not count, so that what this one leaves is what shows.
        let weight = effective(edit).strength
        let before = own.prefix { $0.id != edit.id }.reduce(feature.activation) { effective($1)($0) }
        let change = (value - before) / weight
        update(edit.id) { $0.value = Ranges.value.clamped($0.kind == .set ? (weight == 1 ? value : before + change) : change) }
    }

    /// Sets the value with an edit that did not count, or with a new one: switched on, outside a group, at full strength.
    private mutating func revive(_ edit: Edit?, of feature: Feature, _ value: Float) {
        endSolo()
        guard let edit else {
            append(feature: feature.index, value: value)
            return
        }
        ungroup(edit.id)
        update(edit.id) { ($0.kind, $0.value, $0.strength, $0.isOn) = (.set, value, 1, true) }
    }

    /// The strength of an edit or a group; nil when it is not in the stack.
    func strength(of part: EditPart) -> Float? {
        switch part {
        case .edit(let id): self[edit: id]?.strength
        case .group(let id): self[group: id]?.strength
        }
    }

    mutating func setStrength(of part: EditPart, to strength: Float) {
        switch part {
        case .edit(let id): update(id) { $0.strength = strength }
        case .group(let id): updateGroup(id) { $0.strength = strength }
        }
    }

    mutating func toggle(_ part: EditPart) {
        switch part {
        case .edit(let id): update(id) { $0.isOn.toggle() }
        case .group(let id): updateGroup(id) { $0.isOn.toggle() }
        }
    }

    /// The group that a part is or is in.
    func group(of part: EditPart) -> EditGroup? {
        switch part {
        case .edit(let id): self[edit: id]?.group.flatMap { self[group: $0] }
        case .group(let id): self[group: id]
        }
    }
}
