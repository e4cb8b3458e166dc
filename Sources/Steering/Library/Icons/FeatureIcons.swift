import Foundation
import Networks
import Pictures
import Tensors

/// Shows what a feature does: one template picture, inverted once, made again with that feature alone set to rising values.
///
/// As the published playground does; the values are the pack's or 0, 10, … 50. A library keeps the icons that have been made.
final class FeatureIcons {
    /// The longer side of an icon's pictures, in pixels.
    static let side = 128

    private let pipeline: Pipeline
    private let library: FeatureLibrary?
    private let source: Picture
    private let values: [Float]
    private let steps, invertSteps: Int
    private var inverted: (template: Analysis, start: Tensor)?

    /// - Parameter template: the picture on which features are shown, at the size at which the model works.
    init(_ pipeline: Pipeline, template: Picture, in library: FeatureLibrary?) {
        self.pipeline = pipeline
        self.library = library
        source = template
        let description = pipeline.pack.description
        values = description.iconValues ?? [0, 10, 20, 30, 40, 50]
        steps = description.steps ?? 20
        invertSteps = pipeline.inversionSteps
    }

    /// Whether icons would be made from the same picture and kept in the same library.
    func serve(_ template: Picture, _ library: FeatureLibrary?) -> Bool { source == template && self.library === library }

    /// From the library, or made and saved there.
    func icon(
        of feature: Int, on engine: isolated Engine, _ sharing: EngineSharing, _ progress: (WorkProgress) -> Void
    ) async throws -> FeatureIcon {
        if let kept = try? library?.icon(of: feature, madeWith: digest) { return kept }
        let (template, start) = try await prepared(on: engine, sharing, progress)
        var pictures: [Picture] = []
        for value in values {
            progress(WorkProgress(.rendering, step: pictures.count, count: values.count))
            let change = Change(feature: feature, amount: value - template.activations[feature])
            let embedding = try engine.computing { try pipeline.moved(template.embedding, by: [change]) }
            let latents = try await engine.sampled(pipeline, sharing) { _ in
                try engine.computing { try pipeline.denoising(start, embeddings: embedding, steps: steps, guidance: 1) }
            }
            pictures.append(try engine.computing { try Picture(unit: pipeline.decoded(latents)).reduced(to: Self.side) })
        }
        let icon = FeatureIcon(feature: feature, activations: values, pictures: pictures)
        // An icon that cannot be kept, for instance as the disk is full, is still an icon.
        try? library?.save(icon, madeWith: digest, template: source)
        return icon
    }

    /// Identifies icons made with this template and these settings.
    private lazy var digest = Digest.sha256(
        Data("\(source.width) \(values) \(steps) \(invertSteps) \(Self.side)\n".utf8) + Data(source.pixels))

    private func prepared(
        on engine: isolated Engine, _ sharing: EngineSharing, _ progress: (WorkProgress) -> Void
    ) async throws -> (template: Analysis, start: Tensor) {
        if let inverted { return inverted }
        let template = try engine.computing { try pipeline.analysed(source) }
        let inversion = try engine.computing { try template.plainInversion(pipeline, pipeline) }
        try await engine.finish(inversion, sharing, progress)
        let made = (template, try inversion.result())
        inverted = made
        return made
    }
}

extension Pipeline {
    /// What makes icons on the pack's template, or else on that of the library's icons, or else on `fallback`.
    /// - Throws: `SteeringError.mismatch` when there is none of them.
    func icons(fallback: Picture?, in library: FeatureLibrary?) throws -> FeatureIcons {
        guard let found = try iconTemplate(in: library) ?? fallback.map(fitted) else {
            throw SteeringError.mismatch(
                "\(pack.folder.path): pack.json names no iconTemplate, and there is no other picture to show features on.")
        }
        if let iconMaker, iconMaker.serve(found, library) { return iconMaker }
        let made = FeatureIcons(self, template: found, in: library)
        iconMaker = made
        return made
    }

    /// What makes icons of a picture's features; on a template of the pack's or the library's own they are kept, where there is a library.
    func icons(fallback: Picture) throws -> FeatureIcons {
        let library = try? FeatureLibrary.existing(of: pack)
        let isTemplate = try iconTemplate(in: library) != nil
        return try icons(fallback: fallback, in: isTemplate ? library : nil)
    }

    private func iconTemplate(in library: FeatureLibrary?) throws -> Picture? {
        if let named = pack.description.iconTemplate {
            return try fitted(Picture(contentsOf: pack.folder.appendingPathComponent(named)))
        }
        return try library?.iconTemplate()
    }
}

extension Engine {
    /// For each feature its icon's pictures as data URIs.
    func iconAddresses(
        of features: [Int], fallback: Picture, _ pipeline: Pipeline, _ sharing: EngineSharing, _ progress: (WorkProgress) -> Void
    ) async throws -> [[String]] {
        let icons = try computing { try pipeline.icons(fallback: fallback) }
        var addresses: [[String]] = []
        for feature in features {
            let icon = try await icons.icon(of: feature, on: self, sharing) { report in
                progress(report.stage == .rendering ? WorkProgress(.rendering, step: addresses.count, count: features.count) : report)
            }
            addresses.append(try icon.pictures.map { try $0.dataURI })
        }
        return addresses
    }
}
