import Foundation
import Pictures
import Steering
import Synchronization

/// The engine, together with the library of the pack that it has open.
public final class PackEngine: Rendering {
    private struct Opened {
        let folder: URL
        /// Opened when it is first asked for.
        var library: FeatureLibrary?
    }

    /// How many features a list by closeness has at most.
    private static let mostMatches = 500

    private let engine: Engine
    private let log: @Sendable (String) -> Void
    private let opened = Mutex<Opened?>(nil)

    /// - Parameter log: is told, in a sentence, of each network that computes in another type than was asked for.
    public init(_ engine: Engine, log: @escaping @Sendable (String) -> Void = { _ in }) {
        self.engine = engine
        self.log = log
    }

    public func open(
        _ pack: URL, device: String, dataType: String, progress: @escaping @Sendable (WorkProgress) -> Void,
        remark: @escaping @Sendable (String) -> Void
    ) async throws -> PackSummary {
        let summary = try await engine.open(pack, device: device, dataType: dataType, progress: progress) { [log] sentence in
            log(sentence)
            remark(sentence)
        }
        opened.withLock { $0 = Opened(folder: pack) }
        return summary
    }

    public func analyse(_ picture: Picture, progress: @escaping @Sendable (WorkProgress) -> Void) async throws -> AnalysisSummary {
        try await engine.analyse(picture, progress: progress)
    }

    public func features(of picture: Picture) async throws -> [Feature] { try await engine.features(of: picture) }

    public func render(
        _ request: RenderRequest, previews: Bool, progress: @escaping @Sendable (WorkProgress) -> Void
    ) async throws -> Picture {
        try await engine.render(request, previews: previews, progress: progress)
    }

    public func icon(of feature: Int, fallback: Picture) async throws -> Picture {
        let icon = try await engine.icon(of: feature, in: library(), fallback: fallback)
        return icon.pictures.last ?? fallback
    }

    public func browse(_ request: BrowsingRequest) async throws -> FeaturePage {
        let library = try library()
        switch request.order {
        case .density: return try page(request, by: .density, library)
        case .maximum: return try page(request, by: .maximum, library)
        case .index: return try page(request, by: .index, library)
        case .likeness:
            let matches = try await engine.features(like: request.feature ?? 0, count: Self.mostMatches)
            return try page(request, of: matches, where: LabelWords(request.text).areIn, library)
        case .meaning:
            guard request.text.contains(where: \.isLetter) else { return try page(request, by: .density, library) }
            let found = try await engine.features(meaning: request.text, in: library, count: Self.mostMatches)
            return try page(request, of: found.byDirection, where: { _ in true }, library)
        }
    }

    public func groups(of analysis: AnalysisID) async throws -> [FeatureGroup] { try await engine.groups(of: analysis) }

    public func direction(_ definition: Direction.Definition) async throws -> Direction {
        try await engine.direction(definition, named: definition.name)
    }

    public func groups() async throws -> [FeatureGroup] { try library().groups() }

    public func save(_ group: FeatureGroup) async throws { try library().save(group) }

    private func library() throws -> FeatureLibrary {
        try opened.withLock { opened in
            if let library = opened?.library { return library }
            guard let folder = opened?.folder else { throw SteeringError.noPack }
            let library = try FeatureLibrary(of: Pack(folder))
            opened?.library = library
            return library
        }
    }

    private func page(_ request: BrowsingRequest, by order: FeatureOrder, _ library: FeatureLibrary) throws -> FeaturePage {
        let start = request.page * BrowsingRequest.pageSize
        let found = try library.features(matching: request.text, orderedBy: order, from: start, count: BrowsingRequest.pageSize)
        return FeaturePage(features: found.map { BrowsedFeature($0) }, count: try library.count(matching: request.text))
    }

    private func page(
        _ request: BrowsingRequest, of matches: [FeatureMatch], where fits: (BrowsedFeature) -> Bool, _ library: FeatureLibrary
    ) throws -> FeaturePage {
        let known = try library.features(matches.map(\.feature))
        let scores = Dictionary(matches.map { ($0.feature, $0.score) }, uniquingKeysWith: { first, _ in first })
        let fitting = known.map { BrowsedFeature($0, score: scores[$0.index]) }.filter(fits)
        let start = min(request.page * BrowsingRequest.pageSize, fitting.count)
        return FeaturePage(features: Array(fitting[start...].prefix(BrowsingRequest.pageSize)), count: fitting.count)
    }
}

/// Words that labels are searched for.
private struct LabelWords {
    private let words: [Substring]

    init(_ text: String) {
        words = text.split(separator: " ")
    }

    /// Whether each of them is in a feature's label.
    func areIn(_ feature: BrowsedFeature) -> Bool {
        words.allSatisfy { (feature.label ?? "").localizedCaseInsensitiveContains($0) }
    }
}

extension BrowsedFeature {
    fileprivate init(_ feature: LibraryFeature, score: Float? = nil) {
        self.init(
            index: feature.index, label: feature.label, density: feature.density, maximum: feature.maximum, norm: feature.norm, score: score
        )
    }
}
