import Foundation
import Pictures
import Tensors
import Testing

/// ‖found − expected‖ / ‖expected‖ in double precision; infinite when the shapes differ.
func relativeError(_ found: Tensor, _ expected: Tensor) throws -> Double {
    guard found.shape == expected.shape else { return .infinity }
    let (found, expected) = (try found.to(.float64), try expected.to(.float64))
    return try (found - expected).norm().item() / max(expected.norm().item(), 1e-12)
}

extension ReferencePack {
    /// How far `found` is from what the reference computed under `name`, as a part of what is allowed.
    ///
    /// Allowed are 1e-4, for pictures that were sampled 1e-3, or five times the reference's own error where that is worse.
    func error(of found: Tensor, _ name: String) throws -> Double {
        let floor = name.contains(".image") ? 1e-3 : 1e-4
        let allowed = max(floor, 5 * (try facts.ownError[name] ?? 0))
        return try relativeError(found, expected(name)) / allowed
    }
}

extension Picture {
    /// The greatest difference to a picture in 0…1, `[1, 3, height, width]`, in levels of 255.
    func levels(from expected: Tensor) throws -> Int {
        try #require([1, 3, height, width] == expected.shape)
        let levels = try (expected.clamped(0, 1) * 255).rounded().permuted([0, 2, 3, 1]).integers()
        return zip(pixels, levels).map { abs(Int($0) - $1) }.max() ?? 0
    }
}

/// The message with which `body` fails; it must be one line that could be shown to a user.
func refusal<Result>(_ body: () async throws -> Result, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
    let error = await #expect(throws: (any Error).self, sourceLocation: sourceLocation) { _ = try await body() }
    let message = try #require((error as? CustomStringConvertible)?.description, sourceLocation: sourceLocation)
    #expect(error is LocalizedError && !message.contains { $0.isNewline }, "\(message)", sourceLocation: sourceLocation)
    return message
}
