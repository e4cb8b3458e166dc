import Foundation
import GRDB
import Tensors

/// The features that a phrase may mean, nearest first.
public struct MeaningMatches: Sendable, Equatable {
    /// By the cosine of the feature's direction with the phrase's.
    public let byDirection: [FeatureMatch]
    /// By the mean cosine of the feature's strongest pictures with the phrase, above that of all pictures in the library; empty when there are none.
    public let byPictures: [FeatureMatch]
}

extension FeatureLibrary {
    /// The features whose strongest pictures lie nearest to a direction, nearest first.
    /// - Parameter direction: of length 1.
    func features(withPicturesAlong direction: [Float], count: Int) throws -> [FeatureMatch] {
        try read { database in
            let cosines = try Self.pictureCosines(with: direction, database)
            if cosines.isEmpty { return [] }
            let usual = cosines.values.reduce(0, +) / Float(cosines.count)
            return try Self.exampleMeans(of: cosines, database).sorted { ($0.score, $1.feature) > ($1.score, $0.feature) }.prefix(count)
                .map { FeatureMatch(feature: $0.feature, score: $0.score - usual) }
        }
    }

    private static func pictureCosines(with direction: [Float], _ database: Database) throws -> [Int: Float] {
        var cosines: [Int: Float] = [:]
        let rows = try Row.fetchCursor(database, sql: "SELECT id, embedding FROM pictures")
        while let row = try rows.next() {
            let cosine = try row.decode(Data.self, atIndex: 1).cosineOfHalfPrecision(with: direction)
            guard let cosine else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            cosines[try row.decode(atIndex: 0)] = cosine
        }
        return cosines
    }

    /// For each feature the mean of its strongest pictures.
    private static func exampleMeans(of cosines: [Int: Float], _ database: Database) throws -> [FeatureMatch] {
        var means: [FeatureMatch] = []
        var (feature, sum, count) = (-1, Float(0), 0)
        func finish() { if count > 0 { means.append(FeatureMatch(feature: feature, score: sum / Float(count))) } }
        let rows = try Row.fetchCursor(database, sql: "SELECT feature, picture FROM examples ORDER BY feature, rank")
        while let row = try rows.next() {
            let next = try row.decode(Int.self, atIndex: 0)
            if next != feature {
                finish()
                (feature, sum, count) = (next, 0, 0)
            }
            sum += cosines[try row.decode(atIndex: 1)] ?? 0
            count += 1
        }
        finish()
        return means
    }
}

extension Data {
    /// The cosine of these half-precision numbers with `direction`, of length 1; nil when they are not equally many.
    fileprivate func cosineOfHalfPrecision(with direction: [Float]) -> Float? {
        guard count == 2 * direction.count else { return nil }
        return withUnsafeBytes { bytes in
            var (product, square) = (Float(0), Float(0))
            for (place, weight) in direction.enumerated() {
                let pattern = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * place, as: UInt16.self))
                let number = Float(Float16(bitPattern: pattern))
                product += number * weight
                square += number * number
            }
            return square > 0 ? product / square.squareRoot() : 0
        }
    }
}
