import Foundation

/// What can go wrong with a feature library; nothing is lost by any of it.
public enum LibraryError: Error, Equatable, LocalizedError, CustomStringConvertible {
    case missing(file: String)
    case notALibrary(file: String)
    case otherVersion(file: String, found: Int)
    case otherPack(file: String, found: String, expected: String)
    case locked(file: String)
    case damaged(file: String)
    case unusable(file: String, reason: String)
    case nameTaken(file: String, kind: String, name: String)
    case nameMissing(file: String, kind: String, name: String)
    case unsuitableLabels(file: String, line: Int?, reason: String)
    case unsuitableEmbeddings(file: String, reason: String)
    case noPictures(folder: String)
    case otherBuild(file: String)
    case unfinished(file: String, done: Int, of: Int)
    case notAShard(file: String)
    case shardsMissing([Int], of: Int)
    case shardTwice(Int, files: [String])
    case unrelatedShard(file: String, other: String)

    public var description: String {
        switch self {
        case .missing(let file): "\(file): there is no feature library; make one with fader library build."
        case .notALibrary(let file): "\(file): this is not a feature library; \(Self.wayOut)"
        case .otherVersion(let file, let found):
            "\(file): the feature library is of version \(found), and this Fader reads version \(LibrarySchema.version); \(Self.wayOut)"
        case .otherPack(let file, let found, let expected) where found == expected:
            "\(file): the feature library was made with other weights than the pack \(expected) has now; \(Self.wayOut)"
        case .otherPack(let file, let found, let expected):
            "\(file): the feature library belongs to another pack, \(found), and not to \(expected); \(Self.wayOut)"
        case .locked(let file): "\(file): another program is writing to the feature library; try again when it is done."
        case .damaged(let file): "\(file): the feature library is damaged; \(Self.wayOut)"
        case .unusable(let file, let reason): "\(file): the feature library cannot be used: \(reason)."
        case .nameTaken(let file, let kind, let name): "\(file): there is a \(kind) \"\(name)\" already; take another name."
        case .nameMissing(let file, let kind, let name): "\(file): there is no \(kind) \"\(name)\"."
        case .unsuitableLabels(let file, let line, let reason): "\(file)\(line.map { ", line \($0)" } ?? ""): \(reason)"
        case .unsuitableEmbeddings(let file, let reason): "\(file): \(reason)"
        case .noPictures(let folder): "\(folder): there is no PNG, JPEG or WebP file in this folder."
        case .otherBuild(let file):
            "\(file): an unfinished build from other pictures, or of another shard, is in this feature library; finish it, or \(Self.wayOut)"
        case .unfinished(let file, let done, let count):
            "\(file): its build is at \(done) of \(count); run the same fader library build again until it is done."
        case .notAShard(let file): "\(file): this feature library has not been built yet, so there is nothing to merge."
        case .shardsMissing(let numbers, let count):
            "Of \(count) shards, \(numbers.count == 1 ? "number" : "numbers") \(numbers.map(String.init).joined(separator: ", ")) "
                + "\(numbers.count == 1 ? "is" : "are") missing."
        case .shardTwice(let number, let files): "Shard \(number) is given twice: \(files.joined(separator: " and "))."
        case .unrelatedShard(let file, let other):
            "\(file): this shard is of another pack, other pictures or another division than \(other)."
        }
    }

    public var errorDescription: String? { description }

    private static let wayOut = "fader library build --renew keeps it under another name and makes a new one."
}
