import Foundation
import Pictures
import Steering

@testable import Playground

/// An engine that paints instead of computing: grey, and redder the more the features change.
struct ScriptedRenderer: Rendering {
    /// What opening a pack waits for, without answering anybody.
    var opening: Gate?
    /// What a render waits for, without answering anybody.
    var rendering: Gate?

    private struct Unmade: Error {}

    func open(
        _ pack: URL, device: String, dataType: String, progress: @escaping @Sendable (WorkProgress) -> Void,
        remark: @escaping @Sendable (String) -> Void
    ) async throws -> PackSummary {
        progress(WorkProgress(.loading, step: 1, count: 2))
        opening?.wait()
        return .example
    }

    func analyse(_ picture: Picture, progress: @escaping @Sendable (WorkProgress) -> Void) async throws -> AnalysisSummary {
        AnalysisSummary(id: AnalysisID(1), picture: picture, features: Feature.examples, isCropped: false)
    }

    func features(of picture: Picture) async throws -> [Feature] { Feature.examples }

    func icon(of feature: Int, fallback: Picture) async throws -> Picture { throw Unmade() }

    func browse(_ request: BrowsingRequest) async throws -> FeaturePage { .example(request) }

    func groups(of analysis: AnalysisID) async throws -> [FeatureGroup] { [] }

    func direction(_ definition: Direction.Definition) async throws -> Direction {
        Direction(name: definition.name, vector: [1], definition: definition)
    }

    func groups() async throws -> [FeatureGroup] { [] }

    func save(_ group: FeatureGroup) async throws {}

    func render(_ request: RenderRequest, previews: Bool, progress: @escaping @Sendable (WorkProgress) -> Void) async throws -> Picture {
        rendering?.wait()
        try Task.checkCancellation()
        let red = request.changes.reduce(80) { $0 + 10 * abs($1.amount) }
        return try .plain(UInt8(min(red, 255)), 80, 80)
    }
}
