import Files
import Foundation
import Pictures

/// A picture by its file, or by its place beside another in a folder.
public enum PictureLocation: Sendable, Equatable {
    case file(URL)
    case next(after: URL)
    case previous(before: URL)

    /// The file.
    /// - Throws: `PictureError.unreadable` when the folder has no other picture.
    public func url() throws -> URL {
        switch self {
        case .file(let url): return url
        case .next(let url): return try Self.neighbour(of: url, isNext: true)
        case .previous(let url): return try Self.neighbour(of: url, isNext: false)
        }
    }

    /// The first picture of a folder `samples` beside one of some packs; nil where none has samples.
    public static func firstSample(beside packs: [URL]) -> URL? {
        packs.lazy.compactMap { pack in
            let folder = pack.deletingLastPathComponent().appendingPathComponent("samples")
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            return names.filter { $0.hasSuffix(".png") }.min().map(folder.appendingPathComponent)
        }.first
    }

    /// Keeps a picture that came through a pipe as a file in the user's cache, to which sessions can come back: the same bytes, the same file.
    /// - Throws: `AtomicFileError`, or what the system says, when it cannot be written.
    public static func keepInput(
        _ content: Data, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> URL {
        let folder = UserFolders.cache(environment)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let digest = Recipe.PictureReference(path: "-", content: content).sha256.prefix(16)
        let file = folder.appendingPathComponent("standard-input-\(digest)")
        try AtomicFile.write(content, to: file)
        return file
    }

    private static func neighbour(of url: URL, isNext: Bool) throws -> URL {
        guard let neighbour = url.neighbouringPicture(isNext: isNext) else {
            throw PictureError.unreadable(
                name: url.deletingLastPathComponent().path, reason: "there is no other picture in this folder")
        }
        return neighbour
    }
}

extension PictureLocation {
    /// A picture's place among those of its folder, by name.
    public struct Place: Sendable, Hashable {
        /// From 1.
        public let number: Int
        public let count: Int

        public init(number: Int, count: Int) {
            self.number = number
            self.count = count
        }

        /// Where a file is; nil when it is none of the folder's pictures, for instance one that Fader saved.
        init?(of url: URL) {
            let all = url.picturesOfFolder
            guard let index = all.firstIndex(of: url.lastPathComponent) else { return nil }
            self.init(number: index + 1, count: all.count)
        }
    }
}

extension URL {
    private static let pictureExtensions: Set = ["png", "jpg", "jpeg", "webp"]

    /// The names of the pictures in this file's folder, sorted; pictures that Fader saved are passed over.
    fileprivate var picturesOfFolder: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: deletingLastPathComponent().path)) ?? []
        return all.filter { name in
            Self.pictureExtensions.contains((name as NSString).pathExtension.lowercased()) && !name.hasPrefix(".")
                && !name.contains("-fader")
        }.sorted()
    }

    /// The picture after this one in its folder, or before it, by name and around the ends; pictures that Fader saved are passed over.
    /// - Returns: nil when there is no other.
    func neighbouringPicture(isNext: Bool) -> URL? {
        let others = picturesOfFolder.filter { $0 != lastPathComponent }
        let neighbour =
            isNext ? others.first { $0 > lastPathComponent } ?? others.first : others.last { $0 < lastPathComponent } ?? others.last
        return neighbour.map(deletingLastPathComponent().appendingPathComponent)
    }
}
