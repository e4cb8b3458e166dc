import Foundation
import Steering

/// The edits that `--set`, `--add` and `--direction` ask for, on top of a recipe's.
struct AskedEdits {
    private let begun: EditStack
    private let set, add: [(feature: Int, assignment: FeatureAssignment)]
    private let moves: [DirectionAmount]

    /// Finds what the names stand for.
    /// - Parameter stack: the recipe's edits.
    /// - Throws: `FeatureNameError`; `LibraryError` when the pack's library has no direction of a name.
    init(set: [FeatureAssignment], add: [FeatureAssignment], directions: [DirectionAmount], to stack: EditStack, pack: URL) throws {
        var begun = stack
        if !directions.isEmpty {
            let library = try FeatureLibrary(of: Pack(pack))
            for move in directions { try begun.append(direction: library.direction(named: move.name), value: move.amount) }
        }
        let names = set.isEmpty && add.isEmpty ? nil : try FeatureNames(pack: Pack(pack))
        func found(_ assignments: [FeatureAssignment]) throws -> [(Int, FeatureAssignment)] {
            try assignments.compactMap { assignment in try names.map { (try $0.feature(assignment.feature), assignment) } }
        }
        (self.begun, self.set, self.add, moves) = (begun, try found(set), try found(add), directions)
    }

    /// Whether any value depends on the activations.
    var areRelative: Bool { self.set.contains { $0.assignment.number == nil } }

    /// The stack that they make of the features' activations; says on standard error which of them change nothing.
    /// - Throws: `SteeringError.featureOutOfRange`, `CommandError.notANumber`.
    func stack(on activations: [Float]) throws -> EditStack {
        if !begun.isEmpty && moves.isEmpty && begun.changes({ activations[$0] }).isEmpty {
            StandardError.say("The recipe's edits change nothing in this picture.")
        }
        func note(_ text: String, _ feature: Int, _ value: Float) {
            StandardError.say("\(text) changes nothing: feature \(feature) is at \(value).")
        }
        return try stack(count: activations.count, from: { activations[$0] }, inVain: note)
    }

    /// The stack where the activations are not known, which none of the values depends on.
    /// - Throws: `SteeringError.featureOutOfRange`.
    func stack(count: Int) throws -> EditStack { try stack(count: count, from: { _ in 0 }, inVain: { _, _, _ in }) }

    private func stack(
        count: Int, from activation: (Int) -> Float, inVain: (_ text: String, _ feature: Int, _ value: Float) -> Void
    ) throws -> EditStack {
        var stack = begun
        for move in moves where move.amount == 0 { StandardError.say("\(move.text) changes nothing.") }
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
