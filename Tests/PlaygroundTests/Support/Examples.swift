import Foundation
import Pictures
import Steering
import Terminal

@testable import Playground

extension Picture {
    /// A picture of one colour.
    static func plain(_ red: UInt8, _ green: UInt8, _ blue: UInt8, width: Int = 24, height: Int = 24) throws -> Picture {
        try Picture(width: width, height: height, pixels: Array(repeating: [red, green, blue], count: width * height).flatMap { $0 })
    }
}

extension Options {
    static let example = Options(
        pack: URL(fileURLWithPath: "/packs/demo"), picture: URL(fileURLWithPath: "/pictures/house.png"), graphics: nil, usesMouse: true)
}

extension PackSummary {
    static let example = PackSummary(
        name: "demo", path: "/packs/demo", fingerprint: "0123", featureCount: 512, width: 64, height: 64, steps: 20, invertSteps: 40,
        previewSteps: 4, device: "cpu", dataType: "float32")
}

extension AnalysisSummary {
    static func example(
        _ features: [Feature] = Feature.examples, isCropped: Bool = false, number: Int = 1, reconstruction: Reconstruction? = nil
    ) throws -> AnalysisSummary {
        AnalysisSummary(
            id: AnalysisID(number), picture: try .plain(40, 80, 120), features: features, isCropped: isCropped,
            reconstruction: reconstruction)
    }
}

extension FeaturePage {
    /// What a library of 163,840 features answers, of which each tenth has a label; searching it finds the features whose labels have the text.
    static func example(_ query: FeatureQuery, count: Int = 163_840) -> FeaturePage {
        func feature(_ index: Int) -> ListedFeature {
            ListedFeature(
                index: index, label: index.isMultiple(of: 10) ? "thing \(index / 10)" : nil, density: 1 / Float(index + 2),
                maximum: Float(100 + index % 50), norm: 2, score: query.order == .likeness ? 1 / Float(index + 1) : nil)
        }
        let fitting = query.text.isEmpty ? nil : (0..<count).filter { feature($0).label?.contains(query.text) == true }
        let start = query.page * FeatureQuery.pageSize
        let places = start..<min(start + FeatureQuery.pageSize, fitting?.count ?? count)
        return FeaturePage(features: places.map { feature(fitting?[$0] ?? $0) }, count: fitting?.count ?? count)
    }
}

extension OpenedPicture {
    static let example = example(named: "house.png")

    static func example(
        named name: String, content: String? = nil, recipe: Recipe? = nil, session: Session? = nil
    ) -> OpenedPicture {
        let path = "/pictures/\(name)"
        return OpenedPicture(
            source: Source(
                url: URL(fileURLWithPath: path), reference: Recipe.PictureReference(path: path, content: Data((content ?? name).utf8))),
            recipe: recipe, session: session)
    }
}

extension Feature {
    /// Twelve features, strongest effect first: some with labels, one of them too long and one with wide characters.
    static let examples: [Feature] = [
        Feature(index: 17, activation: 12, norm: 2, label: "sun low over the water", maximum: 20),
        Feature(index: 230, activation: 9.5, norm: 2, label: "red roof", maximum: 10),
        Feature(index: 4, activation: 8, norm: 2),
        Feature(index: 99, activation: 7.25, norm: 2, label: "a very long label that cannot possibly fit into its column"),
        Feature(index: 301, activation: 6, norm: 2, label: "山の上の雪", maximum: 12),
        Feature(index: 55, activation: 5, norm: 2, label: "fence", maximum: 5),
        Feature(index: 411, activation: 4, norm: 2),
        Feature(index: 8, activation: 3, norm: 2, label: "tree, left", maximum: 9),
        Feature(index: 76, activation: 2, norm: 2, label: "tree, right", maximum: 9),
        Feature(index: 140, activation: 1, norm: 2),
        Feature(index: 512, activation: 0.5, norm: 2, label: "birds", maximum: 3),
        Feature(index: 7, activation: 0.25, norm: 2, label: "smoke"),
    ]
}
