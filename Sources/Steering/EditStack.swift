/// Edits in the order in which they are made; several may touch one feature.
public struct EditStack: Sendable, Equatable {
    public private(set) var edits: [Edit]
    private var nextID: Int

    public init() {
        edits = []
        nextID = 0
    }

    public var isEmpty: Bool { edits.isEmpty }

    /// Puts a new edit on top.
    @discardableResult
    public mutating func append(_ kind: Edit.Kind = .set, feature: Int, value: Float, strength: Float = 1, isOn: Bool = true) -> Edit {
        let edit = Edit(id: nextID, kind: kind, feature: feature, value: value, strength: strength, isOn: isOn)
        nextID += 1
        edits.append(edit)
        return edit
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

    public mutating func remove(_ id: Int) { edits.removeAll { $0.id == id } }

    /// Takes away every edit of a feature.
    public mutating func removeAll(feature: Int) { edits.removeAll { $0.feature == feature } }

    public mutating func removeAll() { edits.removeAll() }

    /// The features that the stack touches, each once, in the order of first touch.
    public var features: [Int] {
        var seen: Set<Int> = []
        return edits.map(\.feature).filter { seen.insert($0).inserted }
    }

    /// The activation of a feature after all edits, from its activation in the picture.
    public func value(of feature: Int, from activation: Float) -> Float {
        edits.reduce(activation) { $1.feature == feature ? $1($0) : $0 }
    }

    /// How much each touched feature changes in all; features that end as they began are left out.
    /// - Parameter activation: the feature's activation in the picture.
    /// - Complexity: O(edits).
    public func changes(_ activation: (Int) -> Float) -> [Change] {
        var values: [Int: Float] = [:]
        for edit in edits { values[edit.feature] = edit(values[edit.feature] ?? activation(edit.feature)) }
        return features.compactMap { feature in
            guard let value = values[feature], value != activation(feature) else { return nil }
            return Change(feature: feature, amount: value - activation(feature))
        }
    }
}

/// By how much a feature's activation changes.
public struct Change: Sendable, Hashable {
    public let feature: Int
    public let amount: Float

    public init(feature: Int, amount: Float) {
        self.feature = feature
        self.amount = amount
    }
}
