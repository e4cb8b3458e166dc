import Foundation
import GRDB
import Pictures

/// What a feature does: one template picture, made again with that feature alone set to rising values.
public struct FeatureIcon: Sendable, Equatable {
    public let feature: Int
    /// The activations, rising, and the picture at each; all pictures are equally large.
    public let activations: [Float]
    public let pictures: [Picture]

    /// The pictures side by side.
    public func strip() throws -> Picture { try Picture.row(pictures) }
}

extension FeatureLibrary {
    /// The icon of a feature, where it has been made.
    /// - Throws: `SteeringError.featureOutOfRange`; `LibraryError`; `PictureError` when what is kept is not a picture.
    public func icon(of feature: Int) throws -> FeatureIcon? { try icon(of: feature, madeWith: nil) }

    /// The picture that icons show, before anything is changed, at the size at which the model works; nil before the first icon is made.
    public func iconTemplate() throws -> Picture? {
        try read { try Data.fetchOne($0, sql: "SELECT template FROM library WHERE id = 1 AND template IS NOT NULL") }
            .map { try Picture(data: $0, name: "\(url.path), template") }
    }

    /// The features of `candidates` that have an icon.
    public func featuresWithIcons(among candidates: [Int]) throws -> Set<Int> {
        let wanted = Set(candidates)
        return try read { try Int.fetchSet($0, sql: "SELECT feature FROM icons") }.intersection(wanted)
    }

    /// - Parameter digest: what the icon must have been made with; nil takes any.
    func icon(of feature: Int, madeWith digest: String?) throws -> FeatureIcon? {
        try require(feature)
        let sql = "SELECT made_with, activations, strip FROM icons WHERE feature = ?"
        let kept = try read { database in
            try Row.fetchOne(database, sql: sql, arguments: [feature]).map { row in
                (
                    digest: try row.decode(String.self, atIndex: 0), activations: try row.decode(String.self, atIndex: 1),
                    strip: try row.decode(Data.self, atIndex: 2)
                )
            }
        }
        guard let kept, digest == nil || kept.digest == digest else { return nil }
        let activations = kept.activations.split(separator: " ").compactMap { Float($0) }
        let strip = try Picture(data: kept.strip, name: "\(url.path), icon of feature \(feature)")
        return FeatureIcon(feature: feature, activations: activations, pictures: try strip.columns(activations.count))
    }

    /// Saves an icon, replacing an earlier one.
    func save(_ icon: FeatureIcon, madeWith digest: String, template: Picture) throws {
        let (strip, template) = (try icon.strip().pngData(), try template.pngData())
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO icons (feature, made_with, activations, strip) VALUES (?, ?, ?, ?)",
                arguments: [icon.feature, digest, icon.activations.map { String($0) }.joined(separator: " "), strip])
            try database.execute(sql: "UPDATE library SET template = ? WHERE template IS NOT ?", arguments: [template, template])
        }
    }
}

extension Picture {
    /// Pictures of one size side by side.
    /// - Throws: `PictureError` when there is none, or together they are too large.
    static func row(_ pictures: [Picture]) throws(PictureError) -> Picture {
        let width = pictures.reduce(0) { $0 + $1.width }
        let height = pictures.first?.height ?? 0
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * 3)
        for y in 0..<height {
            for picture in pictures { pixels += picture.pixels[y * picture.width * 3..<(y + 1) * picture.width * 3] }
        }
        return try Picture(width: width, height: height, pixels: pixels)
    }

    /// The picture cut into `count` parts of equal width.
    /// - Throws: `PictureError` when there are no such parts.
    func columns(_ count: Int) throws(PictureError) -> [Picture] {
        guard count > 0 else { return [] }
        var parts: [Picture] = []
        for place in 0..<count { parts.append(try cropped(x: place * (width / count), y: 0, width: width / count, height: height)) }
        return parts
    }
}
