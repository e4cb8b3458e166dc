import ArgumentParser
import Steering

/// A feature on the command line: its number, or what it is called.
struct FeatureName: ExpressibleByArgument, Equatable {
    let text: String

    init?(argument: String) {
        let number = Int(argument)
        guard argument.contains(where: { !$0.isWhitespace }), number.map({ $0 >= 0 }) ?? true else { return nil }
        text = argument
    }

    init(_ index: Int) { text = String(index) }
}

extension FeatureNames {
    /// - Throws: `FeatureNameError`.
    func feature(_ name: FeatureName) throws -> Int { try feature(named: name.text) }
}

/// `night,7,12` on the command line: some features.
struct FeatureList: ExpressibleByArgument, Equatable {
    let names: [FeatureName]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { FeatureName(argument: String($0)) }
        names = parts.compactMap { $0 }
        guard names.count == parts.count else { return nil }
    }
}
