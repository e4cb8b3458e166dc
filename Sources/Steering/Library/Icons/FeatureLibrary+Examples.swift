import Foundation
import GRDB

/// A picture that shows a feature strongly.
public struct FeatureExample: Sendable, Equatable {
    public let activation: Float
    /// The picture's place among all that the library was built from.
    public let picture: Int
    /// Where the picture was, from the folder that the library was built from; for a file of embeddings, its name and the row.
    public let path: String
    /// The SHA-256 of the picture's file, where there was one.
    public let sha256: String?
    /// A small PNG, where there was a picture.
    public let thumbnail: Data?
}

extension FeatureLibrary {
    /// How many pictures are kept for a feature.
    static let exampleCount = 20

    /// The pictures that show a feature most strongly, strongest first.
    /// - Throws: `SteeringError.featureOutOfRange`; `LibraryError`.
    public func examples(of feature: Int, count: Int = 20) throws -> [FeatureExample] {
        try require(feature)
        return try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT activation, picture, path, sha256, thumbnail FROM examples JOIN pictures ON pictures.id = picture
                    WHERE feature = ? ORDER BY rank LIMIT ?
                    """,
                arguments: [feature, count]
            ).map { row in
                FeatureExample(
                    activation: try row.decode(Float.self, atIndex: 0), picture: try row.decode(Int.self, atIndex: 1),
                    path: try row.decode(String.self, atIndex: 2), sha256: try row.decode(String?.self, atIndex: 3),
                    thumbnail: try row.decode(Data?.self, atIndex: 4))
            }
        }
    }

    /// How often a feature had activations of each size; nil when it is dead.
    /// - Throws: `SteeringError.featureOutOfRange`; `LibraryError`.
    public func histogram(of feature: Int) throws -> ActivationHistogram? {
        try require(feature)
        return try read { database in
            try Data.fetchOne(database, sql: "SELECT counts FROM histograms WHERE feature = ?", arguments: [feature])
                .flatMap(ActivationHistogram.init)
        }
    }
}
