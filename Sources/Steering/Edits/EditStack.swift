/// Edits in the order in which they are made; several may touch one feature.
public struct EditStack: Sendable, Equatable {
    public internal(set) var edits: [Edit]
    /// The groups that edits are in, in the order in which they were made.
    public internal(set) var groups: [EditGroup]
    /// The only part that counts, while there is one.
    public internal(set) var solo: EditPart?
    private var nextID: Int

    public init() {
        edits = []
        groups = []
        nextID = 0
    }

    public var isEmpty: Bool { edits.isEmpty }

    /// Puts a new edit on top.
    @discardableResult
    public mutating func append(_ kind: Edit.Kind = .set, feature: Int, value: Float, strength: Float = 1, isOn: Bool = true) -> Edit {
        append(kind, .feature(feature), value: value, strength: strength, isOn: isOn)
    }

    /// Puts a new edit on top that moves the embedding along a direction.
    @discardableResult
    public mutating func append(direction: Direction, value: Float = 1, strength: Float = 1, isOn: Bool = true) -> Edit {
        append(.add, .direction(direction), value: value, strength: strength, isOn: isOn)
    }

    @discardableResult
    mutating func append(_ kind: Edit.Kind, _ target: Edit.Target, value: Float, strength: Float, isOn: Bool) -> Edit {
        let edit = Edit(id: newID(), kind: kind, target: target, value: value, strength: strength, isOn: isOn)
        edits.append(edit)
        return edit
    }

    mutating func newID() -> Int {
        defer { nextID += 1 }
        return nextID
    }

    /// Makes the feature's activation `value`: through its last edit that sets it, or a new one.
    public mutating func set(feature: Int, to value: Float) {
        if let index = edits.lastIndex(where: { $0.feature == feature && $0.kind == .set }) {
            edits[index].value = value
        } else {
            append(feature: feature, value: value)
        }
    }

    /// Changes the edit with this id, if it is here.
    public mutating func update(_ id: Int, _ change: (inout Edit) -> Void) {
        guard let index = edits.firstIndex(where: { $0.id == id }) else { return }
        change(&edits[index])
    }

    public mutating func remove(_ id: Int) { remove(.edit(id)) }

    /// Takes away every edit of a feature.
    public mutating func removeAll(feature: Int) {
        edits.removeAll { $0.feature == feature }
        forgetEmptyGroups()
    }

    public mutating func removeAll() {
        edits.removeAll()
        forgetEmptyGroups()
    }

    /// The features that the stack touches, each once, in the order of first touch.
    public var features: [Int] {
        var seen: Set<Int> = []
        return edits.compactMap(\.feature).filter { seen.insert($0).inserted }
    }

    /// The directions along which the stack moves the embedding, each once, in the order of first touch.
    public var directions: [Direction] { targets.compactMap(\.direction) }

    /// What the stack changes, each once, in the order of first touch.
    private var targets: [Edit.Target] {
        var seen: Set<Edit.Target> = []
        return edits.map(\.target).filter { seen.insert($0).inserted }
    }

    /// The edit as it counts: with its group's strength, and off when its group is or when another part is alone. The part that is alone counts
    /// although it is switched off, as on a mixing desk.
    public func effective(_ edit: Edit) -> Edit {
        let group = edit.group.flatMap { self[group: $0] }
        var effective = edit
        effective.strength *= group?.strength ?? 1
        effective.isOn =
            switch solo {
            case nil: edit.isOn && group?.isOn ?? true
            case .edit(let id): id == edit.id
            case .group(let id): id == group?.id && edit.isOn
            }
        return effective
    }

    /// The activation of a feature after all edits, from its activation in the picture.
    public func value(of feature: Int, from activation: Float) -> Float {
        edits.reduce(activation) { $1.feature == feature ? effective($1)($0) : $0 }
    }

    /// How much each feature and each direction that is touched changes in all; what ends as it began is left out.
    /// - Parameter activation: a feature's activation in the picture.
    /// - Complexity: O(edits).
    public func changes(_ activation: (Int) -> Float) -> [Change] {
        func before(_ target: Edit.Target) -> Float { target.feature.map(activation) ?? 0 }
        var values: [Edit.Target: Float] = [:]
        for edit in edits { values[edit.target] = effective(edit)(values[edit.target] ?? before(edit.target)) }
        return targets.compactMap { target in
            guard let value = values[target], value != before(target) else { return nil }
            return Change(target: target, amount: value - before(target))
        }
    }
}

extension EditStack {
    /// - Throws: `SteeringError.featureOutOfRange` when it changes a feature that a pack of `count` features does not have.
    func requireFeatures(count: Int) throws {
        if let outside = features.first(where: { !(0..<count).contains($0) }) {
            throw SteeringError.featureOutOfRange(outside, count: count)
        }
    }

    /// - Throws: `SteeringError.outOfRange` when a value or a strength is.
    func requireRanges() throws {
        for edit in edits {
            let name = edit.target.feature.map { "feature \($0)" } ?? edit.target.direction.map { "\"\($0.name)\"" } ?? "an edit"
            try Ranges.value.require(edit.value, as: "The value of \(name)")
            try Ranges.strength.require(edit.strength, as: "The strength of \(name)")
        }
        for group in groups { try Ranges.strength.require(group.strength, as: "The strength of \"\(group.name)\"") }
    }
}

/// By how much a feature's activation changes, or how far the embedding is moved along a direction.
public struct Change: Sendable, Hashable {
    public let target: Edit.Target
    public let amount: Float

    public init(target: Edit.Target, amount: Float) {
        self.target = target
        self.amount = amount
    }

    public init(feature: Int, amount: Float) {
        self.init(target: .feature(feature), amount: amount)
    }

    /// The feature that changes; nil when it is a direction.
    public var feature: Int? { target.feature }
}
