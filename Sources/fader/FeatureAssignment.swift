import ArgumentParser

/// `777=12.5` on the command line: a feature and a number for it.
struct FeatureAssignment: ExpressibleByArgument, Equatable {
    let feature: Int
    let value: Float

    init?(argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let feature = Int(parts[0]), feature >= 0, let value = Float(parts[1]) else { return nil }
        self.feature = feature
        self.value = value
    }
}
