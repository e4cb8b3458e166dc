import Foundation
import Pictures

/// What a front end can ask of the engine. `EngineAnswer` has the answers, and `Engine.answer` says how each is found.
public enum EngineRequest: Sendable, Equatable {
    /// Load a pack, which every later request uses.
    case open(PackChoice)
    /// Read a picture, or a recipe with its picture, and find its features.
    case analyse(PictureLocation)
    /// Find the features of a picture that is only looked at: it takes no other picture's place in the engine.
    case lookAt(URL)
    /// Make a picture; with previews, progress carries a small picture of each step.
    case render(RenderRequest, previews: Bool)
    /// Show what a feature does, on this picture where the pack has no template.
    case makeIcon(of: Int, fallback: Picture)
    /// List features of the library.
    case list(FeatureQuery)
    /// Tell what the library knows of some features.
    case describe([Int])
    /// Find the features most like one.
    case findAlike(Int)
    /// Make a direction between what two phrases stand for.
    case makeDirection(Direction.Definition)
    /// Divide a picture's features into a few groups.
    case findGroups(AnalysisID)
    /// List the groups in the library.
    case listGroups
    /// Save a group in the library, replacing an earlier one of its name.
    case saveGroup(FeatureGroup)
    /// Name some features that have no label, those of a picture first; asked again and again until all are named.
    case nameFeatures(first: AnalysisID)
}

/// What the engine says to an `EngineRequest`.
public enum EngineAnswer: Sendable, Equatable {
    case opened(PackSummary)
    case analysed(AnalysisSummary, OpenedPicture)
    /// The features of a picture that was looked at, strongest effect first, and the picture's file name.
    case lookedAt(name: String, features: [Feature])
    /// A picture, and how many seconds it took.
    case rendered(Picture, seconds: Double)
    case icon(of: Int, Picture)
    case listed(FeatureQuery, FeaturePage)
    case described([ListedFeature])
    /// The features most like one, closest first.
    case alike(Int, FeaturePage)
    case direction(Direction)
    /// The groups that a picture's features fall into, the strongest first.
    case foundGroups([FeatureGroup])
    case listedGroups([FeatureGroup])
    case savedGroup(String)
    case named(NamingStep)
}

/// Why a request was not answered.
public struct EngineFailure: Error, Sendable, Equatable {
    public let request: EngineRequest
    /// One sentence.
    public let reason: String

    public init(_ request: EngineRequest, reason: String) {
        self.request = request
        self.reason = reason
    }
}

/// What becomes of a request, told by the number under which it was asked.
public struct EngineEvent: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        case progress(WorkProgress)
        case finished(Result<EngineAnswer, EngineFailure>)
    }

    public let id: Int
    public let kind: Kind

    public init(id: Int, _ kind: Kind) {
        self.id = id
        self.kind = kind
    }
}

/// A pack to load, and how to compute with it.
public struct PackChoice: Sendable, Equatable {
    public var folder: URL
    /// `auto`, `cpu` or `cuda:N`.
    public var device: String
    /// `auto`, `float32`, `bfloat16` or `float16`.
    public var dataType: String

    public init(_ folder: URL, device: String = "auto", dataType: String = "auto") {
        self.folder = folder
        self.device = device
        self.dataType = dataType
    }
}

/// Answers requests: the engine, or what stands for it in tests. Every call may come from any thread.
public protocol EngineService: Sendable {
    /// - Parameters:
    ///   - remark: called with a sentence for each network of the pack that computes in another type than was asked for: now, or later
    ///     when it turns out.
    ///   - request: what is asked.
    ///   - progress: called with how far it is.
    /// - Throws: `CancellationError` between two steps when the task is cancelled; else an error of one sentence.
    func answer(
        _ request: EngineRequest, progress: @escaping @Sendable (WorkProgress) -> Void, remark: @escaping @Sendable (String) -> Void
    ) async throws -> EngineAnswer
}

extension Engine: EngineService {
    /// How many features a list by closeness has at most.
    private static let mostMatches = 500

    public nonisolated func answer(
        _ request: EngineRequest, progress: @escaping @Sendable (WorkProgress) -> Void, remark: @escaping @Sendable (String) -> Void
    ) async throws -> EngineAnswer {
        switch request {
        case .open(let pack):
            let opened = try await open(pack.folder, device: pack.device, dataType: pack.dataType, progress: progress) { [log] sentence in
                log(sentence)
                remark(sentence)
            }
            return .opened(opened)
        case .analyse(let location):
            let (opened, picture) = try OpenedPicture.read(location.url())
            return .analysed(try await analyse(picture, progress: progress), opened)
        case .lookAt(let url):
            let picture = try OpenedPicture.read(url).picture
            return .lookedAt(name: url.lastPathComponent, features: try await features(of: picture))
        case .render(let request, let previews):
            let clock = ContinuousClock()
            let start = clock.now
            let picture = try await renderToShow(request, previews: previews, progress: StepClock.timed(progress))
            return .rendered(picture, seconds: (clock.now - start) / .seconds(1))
        case .makeIcon(let feature, let fallback):
            let icon = try await icon(of: feature, in: library(), fallback: fallback)
            return .icon(of: feature, icon.pictures.last ?? fallback)
        case .list(let query): return .listed(query, try await page(query))
        case .describe(let features): return .described(try library().features(features).map { ListedFeature($0) })
        case .findAlike(let feature): return .alike(feature, try await page(FeatureQuery(order: .likeness, feature: feature)))
        case .makeDirection(let definition): return .direction(try await direction(definition, named: definition.name))
        case .findGroups(let analysis): return .foundGroups(try await groups(of: analysis))
        case .listGroups: return .listedGroups(try library().groups())
        case .saveGroup(let group):
            try library().save(group)
            return .savedGroup(group.name)
        case .nameFeatures(let analysis): return .named(try await nameFeatures(first: analysis))
        }
    }

    /// What the library alone can tell does not wait for what the engine computes.
    private nonisolated func page(_ query: FeatureQuery) async throws -> FeaturePage {
        let library = try library()
        switch query.order {
        case .density: return try library.page(query, by: .density)
        case .maximum: return try library.page(query, by: .maximum)
        case .index: return try library.page(query, by: .index)
        case .likeness: return try library.page(query, among: await features(like: query.feature ?? 0, count: Self.mostMatches))
        case .meaning:
            guard query.text.contains(where: \.isLetter) else { return try library.page(query, by: .density) }
            let found = try await features(meaning: query.text, in: library, count: Self.mostMatches)
            var unfiltered = query
            unfiltered.text = ""
            return try library.page(unfiltered, among: found.byDirection)
        }
    }
}
