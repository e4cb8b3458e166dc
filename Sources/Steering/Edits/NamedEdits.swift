import Foundation

/// `777=12.5`, `night=*2` or `12=+3`: a feature, by number or label, and a value for it or what to do with the one it has.
public struct FeatureAssignment: Sendable, Equatable {
    public let feature: String
    /// As it was typed.
    public let value: String

    /// Nil for a text of another form.
    public init?(argument: String) {
        guard let sign = argument.lastIndex(of: "=") else { return nil }
        feature = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
        guard FeatureNames.isName(feature), number != nil || ValueExpression.value(of: value, x: 1) != nil else { return nil }
    }

    /// The number, where it does not depend on the activation.
    public var number: Float? { value.hasPrefix("+") ? nil : Float(value) }

    /// What is to be added; nil where that depends on the activation.
    public var amount: Float? { Float(value) }

    fileprivate var text: String { "\(feature)=\(value)" }

    fileprivate func value(from activation: Float) throws -> Float {
        if let number { return number }
        guard let value = ValueExpression.value(of: value, x: activation) else {
            throw SteeringError.outOfRange("\(text): this gives no value \(Ranges.value.text) where the activation is \(activation).")
        }
        return value
    }
}

/// `day-night=0.5`: a saved direction, and how far to move along it; the name may hold equals signs.
public struct DirectionAmount: Sendable, Equatable {
    public let name: String
    public let amount: Float

    /// Nil for a text of another form.
    public init?(argument: String) {
        guard let sign = argument.lastIndex(of: "="), sign > argument.startIndex,
            let amount = Float(argument[argument.index(after: sign)...])
        else { return nil }
        name = String(argument[..<sign])
        self.amount = amount
    }

    fileprivate var text: String { "\(name)=\(amount)" }
}

/// Edits that are asked for by name, on top of a recipe's.
public struct NamedEdits: Sendable {
    private let begun: EditStack
    private let set, add: [(feature: Int, assignment: FeatureAssignment)]
    private let moves: [DirectionAmount]
    /// Called with which of the edits change nothing.
    private let remark: @Sendable (String) -> Void

    /// Finds what the names stand for, before networks are loaded, which takes long.
    /// - Parameters:
    ///   - stack: the recipe's edits.
    ///   - pack: the pack's folder.
    ///   - set: features and what they are set to.
    ///   - add: features and what is added to them.
    ///   - directions: directions and how far the picture moves along them.
    ///   - remark: called with which of the edits change nothing.
    /// - Throws: `FeatureNameError`; `LibraryError` when the pack's library has no direction of a name; `SteeringError.outOfRange`.
    public init(
        set: [FeatureAssignment], add: [FeatureAssignment], directions: [DirectionAmount], to stack: EditStack, pack: URL,
        remark: @escaping @Sendable (String) -> Void
    ) throws {
        let numbers =
            set.map { ($0.text, $0.number ?? 0) } + add.map { ($0.text, $0.amount ?? 0) } + directions.map { ($0.text, $0.amount) }
        for (text, number) in numbers { try Ranges.value.require(number, as: "\(text): the value") }
        var begun = stack
        if !directions.isEmpty {
            let library = try FeatureLibrary(of: Pack(pack))
            for move in directions { try begun.append(direction: library.direction(named: move.name), value: move.amount) }
        }
        let names = set.isEmpty && add.isEmpty ? nil : try FeatureNames(pack: Pack(pack))
        func found(_ assignments: [FeatureAssignment]) throws -> [(Int, FeatureAssignment)] {
            try assignments.compactMap { assignment in try names.map { (try $0.feature(named: assignment.feature), assignment) } }
        }
        (self.begun, self.set, self.add, moves, self.remark) = (begun, try found(set), try found(add), directions, remark)
    }

    /// Whether any value depends on the activations.
    public var areRelative: Bool { self.set.contains { $0.assignment.number == nil } }

    /// The stack that they make of the features' activations.
    /// - Throws: `SteeringError.featureOutOfRange`, `SteeringError.outOfRange`.
    public func stack(on activations: [Float]) throws -> EditStack {
        if !begun.isEmpty && moves.isEmpty && begun.changes({ activations.indices.contains($0) ? activations[$0] : 0 }).isEmpty {
            remark("The recipe's edits change nothing in this picture.")
        }
        func note(_ text: String, _ feature: Int, _ value: Float) {
            remark("\(text) changes nothing: feature \(feature) is at \(value).")
        }
        return try stack(count: activations.count, from: { activations[$0] }, inVain: note)
    }

    /// The stack where the activations are not known, which none of the values depends on.
    /// - Throws: `SteeringError.featureOutOfRange`.
    public func stack(count: Int) throws -> EditStack { try stack(count: count, from: { _ in 0 }, inVain: { _, _, _ in }) }

    private func stack(
        count: Int, from activation: (Int) -> Float, inVain: (_ text: String, _ feature: Int, _ value: Float) -> Void
    ) throws -> EditStack {
        var stack = begun
        for move in moves where move.amount == 0 { remark("\(move.text) changes nothing.") }
        if let outside = (begun.features + (set + add).map(\.feature)).first(where: { $0 >= count }) {
            throw SteeringError.featureOutOfRange(outside, count: count)
        }
        for (edits, isSet) in [(set, true), (add, false)] {
            for (feature, assignment) in edits {
                let before = stack.value(of: feature, from: activation(feature))
                if isSet {
                    stack.set(feature: feature, to: try assignment.value(from: before))
                } else {
                    stack.append(.add, feature: feature, value: assignment.amount ?? 0)
                }
                if stack.value(of: feature, from: activation(feature)) == before { inVain(assignment.text, feature, before) }
            }
        }
        return stack
    }
}
