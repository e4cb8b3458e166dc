import Foundation

/// The download of the published model into a pack that goes by a name.
public struct PackDownload: Sendable {
    /// One of its files.
    struct File: Sendable {
        /// Its name in the pack.
        let name: String
        let download: Download
        let announcement: Download.Announcement
    }

    /// What one repository takes.
    public struct Share: Sendable {
        public let repository: PublishedRepository
        /// Its page.
        public let address: String
        public let files, bytes: Int
    }

    /// How far it is.
    public struct Progress: Sendable {
        public let file: String
        public let arrived, total: Int
    }

    public let folder: URL
    public let shares: [Share]
    private let name: String
    private let files: [File]

    /// How many bytes are still to come.
    public var missingBytes: Int { files.reduce(0) { $0 + max(0, ($1.announcement.bytes ?? 0) - $1.download.arrived) } }
    /// How many bytes of it are here.
    public var arrivedBytes: Int { files.reduce(0) { $0 + $1.download.arrived } }

    /// Asks a server for everything that is needed; writes nothing.
    /// - Parameters:
    ///   - base: the hub's address; a file is at `base/REPOSITORY/resolve/main/PATH`.
    ///   - timeout: after how many seconds without news a connection is given up.
    ///   - retries: how often to try again when nothing new has come since the last try.
    ///   - each: called with the name of each file before it is asked for.
    ///   - name: what the pack will be called.
    ///   - packs: the packs that it will be among.
    /// - Throws: `DownloadError`; `NamedPackError.unsuitableName`, `.taken` when there is a pack of this name that was not downloaded.
    public init(
        _ name: String, in packs: NamedPacks, from base: String, timeout: Double, retries: Int, each: (String) -> Void = { _ in }
    ) async throws {
        let folder = try packs.place(of: name)
        if FileManager.default.fileExists(atPath: folder.path), packs.entry(name).map({ $0.state == .found }) ?? true {
            throw NamedPackError.taken(name, folder: folder.path)
        }
        guard let hub = URL(string: base), let scheme = hub.scheme, ["http", "https"].contains(scheme), hub.host != nil else {
            throw DownloadError.unsuitableAddress(base)
        }
        var (files, shares) = ([File](), [Share]())
        let policy = Download.RetryPolicy(timeout: timeout, retries: retries)
        for repository in PublishedRepository.allCases {
            let page = hub.appendingPathComponent(repository.rawValue)
            let ofRepository = try await repository.files.asyncMap { names in
                each(names[0])
                return try await Self.find(names, in: repository, page: page, folder: folder, policy)
            }
            shares.append(
                Share(
                    repository: repository, address: page.absoluteString, files: ofRepository.count,
                    bytes: ofRepository.reduce(0) { $0 + ($1.announcement.bytes ?? 0) }))
            files += ofRepository
        }
        (self.name, self.folder, self.files, self.shares) = (name, folder, files, shares)
    }

    /// Fetches what is not here yet, and makes a pack of it.
    /// - Throws: `DownloadError`, `NamedPackError`; `CancellationError`; what has been downloaded stays.
    public func run(progress: (Progress) -> Void) async throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw NamedPackError.unwritable(folder.path)
        }
        let lock = try FolderLock(folder)
        defer { withExtendedLifetime(lock) {} }
        try requireSpace()
        // What an earlier run fetched by another name is remembered too, so that it can be removed.
        let names = Set(files.map(\.name)).union(DownloadList(in: folder).files)
        try DownloadList(files: names.sorted()).write(in: folder)
        let total = files.reduce(0) { $0 + ($1.announcement.bytes ?? 0) }
        var before = 0
        for file in files {
            try await file.download.run(file.announcement) {
                progress(Progress(file: file.name, arrived: before + $0, total: total))
            }
            before += file.announcement.bytes ?? 0
        }
        var description = PackDescription()
        description.name = "Kandinsky 2.2"
        description.licence = PublishedRepository.decoder.licence
        description.sha256 = Dictionary(files.compactMap { file in file.announcement.sha256.map { (file.name, $0) } }) { $1 }
        try NamedPacks.write(description, in: folder)
    }

    /// The first of the names that the server has.
    private static func find(
        _ names: [String], in repository: PublishedRepository, page: URL, folder: URL, _ policy: Download.RetryPolicy
    ) async throws -> File {
        for name in names {
            let inPack = "\(repository.folder)/\(name)"
            let download = Download(
                source: page.appendingPathComponent("resolve/main/\(name)"), target: folder.appendingPathComponent(inPack),
                policy: policy)
            if let announcement = try await download.announcement() {
                return File(name: inPack, download: download, announcement: announcement)
            }
        }
        throw DownloadError.missing(page.appendingPathComponent("resolve/main/\(names[names.count - 1])").absoluteString)
    }

    private func requireSpace() throws {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)
        guard let free = attributes?[.systemFreeSize] as? Int else { return }
        if missingBytes > free { throw DownloadError.noSpace(folder.path, needed: missingBytes, free: free) }
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
