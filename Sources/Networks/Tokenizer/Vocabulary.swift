import Foundation
import Tensors

/// The tokens of `vocab.json` and their numbers.
struct Vocabulary {
    let file: String
    private let numbers: [String: Int]

    /// - Throws: `TokenizerError` unless the file is an object whose values are 0, 1, … count − 1, each once.
    init(contentsOf url: URL) throws {
        try url.requireNoDanglingLink()
        guard let data = try? Data(contentsOf: url) else { throw TokenizerError.unreadable(file: url.path) }
        try GitLFS.requireContent(data, of: url)
        guard let read = try? JSONDecoder().decode([String: Int].self, from: data) else {
            throw TokenizerError.brokenVocabulary(file: url.path, reason: "it is not a JSON object of whole numbers.")
        }
        try self.init(read, file: url.path)
    }

    /// - Throws: `TokenizerError` unless the numbers are 0, 1, … count − 1, each once.
    init(_ numbers: [String: Int], file: String) throws {
        guard numbers.values.sorted().elementsEqual(0..<numbers.count) else {
            throw TokenizerError.brokenVocabulary(
                file: file, reason: "its tokens are not numbered from 0 to \(numbers.count - 1), each number once.")
        }
        self.file = file
        self.numbers = numbers
    }

    var count: Int { numbers.count }

    subscript(token: String) -> Int? { numbers[token] }

    /// - Throws: `TokenizerError.missingToken` when it is not there.
    func number(of token: String) throws -> Int {
        guard let number = numbers[token] else { throw TokenizerError.missingToken(file: file, token: token) }
        return number
    }
}
