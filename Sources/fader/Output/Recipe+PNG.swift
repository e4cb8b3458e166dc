import Foundation
import Steering

extension Recipe {
    /// The text chunk in which a PNG carries the recipe.
    var pngText: (keyword: String, text: String) {
        get throws { (keyword: Self.pngKeyword, text: String(decoding: try data(), as: UTF8.self)) }
    }
}

extension PackSummary {
    /// - Throws: `SteeringError.featureOutOfRange` when the stack changes a feature that the pack does not have.
    func requireFeatures(of stack: EditStack) throws {
        if let outside = stack.features.first(where: { !(0..<featureCount).contains($0) }) {
            throw SteeringError.featureOutOfRange(outside, count: featureCount)
        }
    }
}
