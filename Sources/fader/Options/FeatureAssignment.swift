import ArgumentParser
import Playground

/// `777=12.5`, `night=*2` or `12=+3` on the command line: a feature, and a number for it or what to do with the one it has.
struct FeatureAssignment: ExpressibleByArgument, Equatable {
    let feature: FeatureName
    /// As it was typed.
    let value: String

    init?(argument: String) {
        guard let sign = argument.lastIndex(of: "="), let feature = FeatureName(argument: String(argument[..<sign])) else { return nil }
        self.feature = feature
        value = String(argument[argument.index(after: sign)...])
        guard number != nil || Expression.value(of: value, x: 1) != nil else { return nil }
    }

    var text: String { "\(feature.text)=\(value)" }

    /// The number, where it does not depend on the activation.
    var number: Float? { value.hasPrefix("+") ? nil : Float(value) }

    /// What is to be added.
    var amount: Float? { Float(value) }

    /// The activation that is to be set, from the one so far.
    /// - Throws: `CommandError.notANumber`.
    func value(from activation: Float) throws -> Float {
        if let number { return number }
        guard let value = Expression.value(of: value, x: activation) else {
            throw CommandError.notANumber(self, activation: activation)
        }
        return value
    }
}
