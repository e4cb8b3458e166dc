import Foundation
import Networks
import Pictures
import Tensors

/// Shows what a feature does: one template picture, inverted once, made again with that feature alone set to rising values.
struct FeatureIcons {
    private let pipeline: Pipeline
    private let template: Analysis
    private let values: [Float]
    private let steps: Int

    /// - Parameter fallback: the template when the pack names none.
    init(_ pipeline: Pipeline, fallback: Picture) throws {
        self.pipeline = pipeline
        let description = pipeline.pack.description
        values = description.iconValues ?? [0, 10, 20, 30, 40, 50]
        steps = description.steps ?? 20
        let named = description.iconTemplate.map { pipeline.pack.folder.appendingPathComponent($0) }
        template = try Analysis(named.map { try Picture(contentsOf: $0) } ?? fallback, with: pipeline)
    }

    /// For each feature its pictures as data URIs, in the order of the values.
    func strips(_ features: [Int], _ progress: (WorkProgress) -> Void) throws -> [[String]] {
        let start = try template.inverted(pipeline, steps: pipeline.pack.description.invertSteps ?? 40, progress)
        return try features.enumerated().map { place, feature in
            progress(WorkProgress(.rendering, step: place, count: features.count))
            return try values.map { try icon(feature, at: $0, from: start).dataURI }
        }
    }

    private func icon(_ feature: Int, at value: Float, from start: Tensor) throws -> Picture {
        let change = Change(feature: feature, amount: value - template.activations[feature])
        let embedding = try template.embedding([change], pipeline)
        let latents = try pipeline.denoised(start, embedding: embedding, steps: steps, guidance: 1) { _ in try Task.checkCancellation() }
        return try Picture(unit: pipeline.decoded(latents))
    }
}
