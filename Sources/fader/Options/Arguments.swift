import ArgumentParser
import Steering

extension CompletionKind {
    /// Picture files, by the endings that they usually have.
    static let picture = CompletionKind.file(extensions: ["png", "jpg", "jpeg", "webp"])
}

// What `Steering` reads from texts can be an argument.
extension Inversion: ExpressibleByArgument {}
extension FeatureAssignment: ExpressibleByArgument {}
extension DirectionAmount: ExpressibleByArgument {}
extension NamedSlider: ExpressibleByArgument {}

extension Limits {
    /// - Throws: `ValidationError` when an option's value is out of range.
    func validate(_ value: Value?, _ option: String) throws {
        if let value, !contains(value) { throw ValidationError("\(option) must lie \(text).") }
    }
}

/// A feature on the command line: its number, or what it is called.
struct FeatureName: ExpressibleByArgument, Equatable {
    let text: String

    init?(argument: String) {
        guard FeatureNames.isName(argument) else { return nil }
        text = argument
    }
}

extension FeatureNames {
    /// - Throws: `FeatureNameError`.
    func feature(_ name: FeatureName) throws -> Int { try feature(named: name.text) }
}

/// `night,7,12` on the command line: some features.
struct FeatureNameList: ExpressibleByArgument, Equatable {
    let names: [FeatureName]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { FeatureName(argument: String($0)) }
        names = parts.compactMap { $0 }
        guard names.count == parts.count else { return nil }
    }
}
