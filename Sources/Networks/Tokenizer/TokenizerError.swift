import Foundation

/// What can be wrong with a tokenizer's files.
public enum TokenizerError: Error, Equatable, LocalizedError, CustomStringConvertible {
    case unreadable(file: String)
    case brokenVocabulary(file: String, reason: String)
    case brokenMerge(file: String, line: Int, reason: String)
    case missingToken(file: String, token: String)

    public var description: String {
        switch self {
        case .unreadable(let file): "\(file): the file cannot be read."
        case .brokenVocabulary(let file, let reason): "\(file): this is not a vocabulary: \(reason)"
        case .brokenMerge(let file, let line, let reason): "\(file): line \(line) is not a merge: \(reason)"
        case .missingToken(let file, let token): "\(file): the vocabulary has no token \"\(token)\", which the tokenizer needs."
        }
    }

    public var errorDescription: String? { description }
}
