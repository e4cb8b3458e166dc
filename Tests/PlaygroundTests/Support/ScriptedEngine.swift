import Foundation
import Pictures
import Steering

@testable import Playground

/// An engine that paints instead of computing: grey, and redder the more the features change.
struct ScriptedEngine: EngineService {
    /// What opening a pack waits for, without answering anybody.
    var opening: Gate?
    /// What a render waits for, without answering anybody.
    var rendering: Gate?

    private struct Unmade: Error {}

    func answer(
        _ request: EngineRequest, progress: @escaping @Sendable (WorkProgress) -> Void, remark: @escaping @Sendable (String) -> Void
    ) async throws -> EngineAnswer {
        switch request {
        case .open:
            progress(WorkProgress(.loading, step: 1, count: 2))
            opening?.wait()
            return .opened(.example)
        case .analyse(let location):
            let (opened, picture) = try OpenedPicture.read(location.url())
            return .analysed(
                AnalysisSummary(id: AnalysisID(1), picture: picture, features: Feature.examples, isCropped: false), opened)
        case .lookAt(let url): return .lookedAt(name: url.lastPathComponent, features: Feature.examples)
        case .render(let request, _):
            rendering?.wait()
            try Task.checkCancellation()
            let changes = request.stack.changes { index in Feature.examples.first { $0.index == index }?.activation ?? 0 }
            let red = changes.reduce(80) { $0 + 10 * abs($1.amount) }
            return .rendered(try .plain(UInt8(min(red, 255)), 80, 80), seconds: 0.01)
        case .makeIcon: throw Unmade()
        case .list(let query): return .listed(query, .example(query))
        case .describe: return .described([])
        case .findAlike(let feature): return .alike(feature, .example(FeatureQuery(order: .likeness, feature: feature)))
        case .makeDirection(let definition):
            return .direction(Direction(name: definition.name, vector: [1], definition: definition))
        case .findGroups: return .foundGroups([])
        case .listGroups: return .listedGroups([])
        case .saveGroup(let group): return .savedGroup(group.name)
        case .nameFeatures: return .named(NamingStep())
        }
    }
}
