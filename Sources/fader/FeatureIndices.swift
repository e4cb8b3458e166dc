import ArgumentParser

/// `1,7,12` on the command line: some features.
struct FeatureIndices: ExpressibleByArgument, Equatable {
    let indices: [Int]

    init?(argument: String) {
        let indices = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let valid = indices.compactMap { $0 }.filter { $0 >= 0 }
        guard valid.count == indices.count else { return nil }
        self.indices = valid
    }
}
