import Foundation

/// Looks for the published repositories where they have been downloaded already.
public struct RepositorySearch: Sendable {
    private let folders, caches: [URL]

    /// - Parameters:
    ///   - folders: where to look before the hub's caches.
    ///   - environment: names the caches.
    public init(folders: [URL], environment: [String: String]) {
        self.folders = folders
        func named(_ variable: String) -> URL? {
            environment[variable].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0.expandingHome) }
        }
        let ofHub = ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"].compactMap(named)
        let homes = [
            named("HF_HOME"), named("XDG_CACHE_HOME")?.appendingPathComponent("huggingface"),
            UserFolders.home(environment).appendingPathComponent(".cache/huggingface"),
        ]
        caches = ofHub + homes.compactMap { $0?.appendingPathComponent("hub") }
    }

    /// A description that points to all three.
    /// - Throws: `NamedPackError.notFound` with those that are missing.
    public func description() throws -> PackDescription {
        let found = PublishedRepository.allCases.map { ($0, place(of: $0)) }
        let missing = found.filter { $0.1 == nil }.map(\.0.rawValue)
        guard missing.isEmpty else { throw NamedPackError.notFound(repositories: missing) }
        let places = Dictionary(found.compactMap { pair in pair.1.map { (pair.0, $0.path) } }) { first, _ in first }
        var description = PackDescription()
        description.name = "Kandinsky 2.2"
        description.licence = PublishedRepository.decoder.licence
        (description.prior, description.decoder, description.sae) = (places[.prior], places[.decoder], places[.sae])
        return description
    }

    /// The first folder that holds the repository.
    private func place(of repository: PublishedRepository) -> URL? {
        for folder in folders {
            let within = [folder] + Self.contents(of: folder)
            if let place = within.first(where: repository.isComplete) { return place.standardizedFileURL }
            let snapshots = [folder, folder.appendingPathComponent("hub")].flatMap { Self.snapshots(of: repository, in: $0) }
            if let place = snapshots.first(where: { Self.isUsable($0, repository) }) { return place.standardizedFileURL }
        }
        return caches.flatMap { Self.snapshots(of: repository, in: $0) }.first { Self.isUsable($0, repository) }?.standardizedFileURL
    }

    /// A snapshot's folder has a revision's name, so that an autoencoder's is known by the cache's own folder.
    private static func isUsable(_ snapshot: URL, _ repository: PublishedRepository) -> Bool {
        repository.isComplete(in: snapshot)
            || repository == .sae && contents(of: snapshot).contains { Pack.isWeights($0.lastPathComponent) }
    }

    /// The snapshots of a repository in a cache, the one that is called main first, then the newest.
    private static func snapshots(of repository: PublishedRepository, in cache: URL) -> [URL] {
        let place = cache.appendingPathComponent("models--" + repository.rawValue.replacing("/", with: "--"))
        let main = try? String(contentsOf: place.appendingPathComponent("refs/main"), encoding: .utf8)
        let revision = main?.trimmingCharacters(in: .whitespacesAndNewlines)
        func date(_ url: URL) -> Date {
            (try? FileManager.default.attributesOfItem(atPath: url.path)[.modificationDate] as? Date) ?? .distantPast
        }
        let dated = contents(of: place.appendingPathComponent("snapshots")).map { (url: $0, date: date($0)) }
        return dated.sorted { one, other in
            let (isFirst, isSecond) = (one.url.lastPathComponent == revision, other.url.lastPathComponent == revision)
            return isFirst == isSecond ? one.date > other.date : isFirst
        }.map(\.url)
    }

    private static func contents(of folder: URL) -> [URL] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted().map(folder.appendingPathComponent)
    }
}
