import Foundation

/// What can go wrong between a pack, a picture and an edit.
public enum SteeringError: Error, Equatable, LocalizedError, CustomStringConvertible {
    case packMissing(String)
    case noPackFound(places: [String])
    case packPartMissing(pack: String, part: String)
    case severalAutoencoders(folder: String, names: [String])
    case brokenHubCache(folder: String, reason: String)
    case unreadableFile(String)
    case noHashes(pack: String)
    case unreadableDescription(file: String, reason: String)
    case unreadableRecipe(file: String, reason: String)
    case unreadableRequest(file: String, reason: String)
    case unfitRequest(file: String, reason: String)
    case featureOutOfRange(Int, count: Int)
    case outOfRange(String)
    case notFinite(what: String)
    case directionOfAnotherWidth(String, found: Int, expected: Int)
    case unsuitablePhrase(String, reason: String)
    case unsuitableCount(Int, limit: Int)
    case unsuitableSheet(String)
    case mismatch(String)
    case unknownAnalysis
    case noPack
    case notANumber(stage: String)

    public var description: String {
        switch self {
        case .packMissing(let path): "\(path): there is no pack in this folder; give one with --pack or $FADER_PACK."
        case .noPackFound(let places):
            "There is no pack: none is named, and none is at \(places.joined(separator: ", ")); give one with --pack or $FADER_PACK."
        case .packPartMissing(let pack, let part): "\(pack): the pack has no \(part)."
        case .severalAutoencoders(let folder, let names):
            "\(folder): it is not clear which of \(names.joined(separator: " and ")) is meant; keep one of them in this folder."
        case .brokenHubCache(let folder, let reason): "\(folder): this part of a hub's cache is incomplete: \(reason); fetch it again."
        case .unreadableFile(let path): "\(path): the file cannot be read."
        case .noHashes(let pack): "\(pack): its pack.json lists no SHA-256 of its files; write them with fader pack hash."
        case .unreadableDescription(let file, let reason): "\(file): this is not a pack description: \(reason)"
        case .unreadableRecipe(let file, let reason): "\(file): this is not a recipe: \(reason)"
        case .unreadableRequest(let file, let reason): "\(file): this is not a request: \(reason)"
        case .unfitRequest(let file, let reason): "\(file): this request does not fit the pack: \(reason)"
        case .featureOutOfRange(let index, let count): "There is no feature \(index): the pack has features 0 to \(count - 1)."
        case .outOfRange(let message): message
        case .notFinite(let what): "\(what) is not a finite number."
        case .directionOfAnotherWidth(let name, let found, let expected):
            "The direction \"\(name)\" has \(found) numbers where the pack's embeddings have \(expected): it was made with another pack."
        case .unsuitablePhrase(let phrase, let reason): "\"\(phrase)\" makes no direction: \(reason)"
        case .unsuitableCount(let count, let limit): "\(count) pairs of texts cannot make a direction; use 1 to \(limit)."
        case .unsuitableSheet(let message): message
        case .mismatch(let message): message
        case .unknownAnalysis: "The engine no longer holds this picture; open it again."
        case .noPack: "No pack is open."
        case .notANumber(let stage): "\(stage) came out as infinite or not a number; the weights or the data type are at fault."
        }
    }

    public var errorDescription: String? { description }
}

extension DecodingError {
    /// What is wrong, in one sentence without Swift's own words.
    var sentence: String {
        func place(_ context: Context) -> String { context.codingPath.map(\.stringValue).joined(separator: ".") }
        return switch self {
        case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            context.codingPath.isEmpty ? "it is not of the expected form." : "\"\(place(context))\" is not of the expected form."
        case .dataCorrupted(let context):
            // Foundation tells a number that does not fit its type, such as 1.5 for a whole one, no place and no other cause.
            context.codingPath.isEmpty
                ? "it is not valid JSON, or a number in it is of the wrong kind or size."
                : "\"\(place(context))\" is not of the expected form."
        @unknown default: "it cannot be read."
        }
    }
}
