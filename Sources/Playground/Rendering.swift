import Foundation
import Pictures
import Steering

/// What the playground asks of the engine; every call may come from any thread.
public protocol Rendering: Sendable {
    /// Loads a pack; every later call uses it.
    /// - Throws: an error of one sentence when the pack cannot be loaded.
    func open(_ pack: URL, device: String, dataType: String, progress: @escaping @Sendable (WorkProgress) -> Void) async throws
        -> PackSummary

    /// Embeds a picture and finds its features; inverting it to noise waits for the first render that begins there.
    /// - Throws: an error of one sentence when the picture or the memory does not allow it.
    func analyse(_ picture: Picture, progress: @escaping @Sendable (WorkProgress) -> Void) async throws -> AnalysisSummary

    /// Makes the steered picture, with the picture so far in each progress report when `previews` asks for it.
    /// - Throws: `CancellationError` between two steps when the task is cancelled; else an error of one sentence.
    func render(_ request: RenderRequest, previews: Bool, progress: @escaping @Sendable (WorkProgress) -> Void) async throws -> Picture
}
