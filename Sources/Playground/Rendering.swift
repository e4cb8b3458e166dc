import Foundation
import Pictures
import Steering

/// What the playground asks of the engine; every call may come from any thread.
public protocol Rendering: Sendable {
    /// Loads a pack; every later call uses it.
    /// - Parameter remark: is told, in a sentence, of each network that computes in another type than was asked for: now, or later when it
    ///   turns out.
    /// - Throws: an error of one sentence when the pack cannot be loaded.
    func open(
        _ pack: URL, device: String, dataType: String, progress: @escaping @Sendable (WorkProgress) -> Void,
        remark: @escaping @Sendable (String) -> Void
    ) async throws -> PackSummary

    /// Embeds a picture and finds its features; inverting it to noise waits for the first render that begins there.
    /// - Throws: an error of one sentence when the picture or the memory does not allow it.
    func analyse(_ picture: Picture, progress: @escaping @Sendable (WorkProgress) -> Void) async throws -> AnalysisSummary

    /// The features of a picture to borrow from, which takes no other picture's place in the engine.
    /// - Throws: an error of one sentence when the picture or the memory does not allow it.
    func features(of picture: Picture) async throws -> [Feature]

    /// Makes the steered picture, with the picture so far in each progress report when `previews` asks for it.
    /// - Throws: `CancellationError` between two steps when the task is cancelled; else an error of one sentence.
    func render(_ request: RenderRequest, previews: Bool, progress: @escaping @Sendable (WorkProgress) -> Void) async throws -> Picture

    /// What a feature does, from the library or made now: a template with that feature alone at its strongest.
    /// - Parameter fallback: the template where the pack has none.
    /// - Throws: `CancellationError` between two steps when the task is cancelled; else an error of one sentence.
    func icon(of feature: Int, fallback: Picture) async throws -> Picture

    /// Lists features of the pack's library.
    /// - Throws: an error of one sentence when the library cannot be used or the pack has no text tower to search by meaning with.
    func browse(_ request: BrowsingRequest) async throws -> FeaturePage

    /// The groups that a picture's features fall into, the strongest first.
    /// - Throws: an error of one sentence when the picture is not known any more.
    func groups(of analysis: AnalysisID) async throws -> [FeatureGroup]

    /// Makes a direction between what two phrases stand for.
    /// - Throws: an error of one sentence when the pack has no text tower, or a phrase no letters.
    func direction(_ definition: Direction.Definition) async throws -> Direction

    /// The groups of features that are kept with the pack.
    /// - Throws: an error of one sentence when the library cannot be used.
    func groups() async throws -> [FeatureGroup]

    /// Keeps a group with the pack, in place of an earlier one of its name.
    /// - Throws: an error of one sentence when the library cannot be used.
    func save(_ group: FeatureGroup) async throws
}
