import GRDB

/// Which features show in the same pictures, as far as a library's example pictures say.
struct Coactivation {
    private let pictures: [Int: Set<Int>]

    init(_ library: FeatureLibrary, of features: [Int]) throws {
        pictures = try library.examplePictures(of: features)
    }

    /// The part of their example pictures that a feature shares with others, averaged over them: 0 to 1.
    func callAsFunction(_ feature: Int, _ others: [Int]) -> Float {
        let own = pictures[feature] ?? []
        let parts = others.map { other -> Float in
            let theirs = pictures[other] ?? []
            let fewer = min(own.count, theirs.count)
            return fewer == 0 ? 0 : Float(own.intersection(theirs).count) / Float(fewer)
        }
        return parts.isEmpty ? 0 : parts.reduce(0, +) / Float(parts.count)
    }
}

extension FeatureLibrary {
    /// The pictures that show each of some features most strongly, by their numbers; a feature without examples is left out.
    fileprivate func examplePictures(of features: [Int]) throws -> [Int: Set<Int>] {
        try read { database in
            let statement = try database.makeStatement(sql: "SELECT picture FROM examples WHERE feature = ?")
            return try features.reduce(into: [:]) { pictures, feature in
                let found = try Set(Int.fetchAll(statement, arguments: [feature]))
                if !found.isEmpty { pictures[feature] = found }
            }
        }
    }
}
