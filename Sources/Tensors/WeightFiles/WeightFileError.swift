import Files
import Foundation

/// What can go wrong with a file of weights; each is one sentence that begins with the file.
public enum WeightFileError: Error, Equatable, LocalizedError, CustomStringConvertible {
    /// The file cannot be opened or mapped.
    case unreadable(file: String, reason: String)
    /// The file's content is not what its format asks for.
    case malformed(file: String, problem: String)
    /// The file has no tensor of that name.
    case missingTensor(file: String, name: String)
    /// The tensors cannot be written as they are.
    case unwritable(file: String, reason: String)
    /// The file stands for another that Git LFS keeps elsewhere.
    case lfsPointer(file: String)
    /// A symbolic link leads nowhere.
    case danglingLink(link: String, target: String)
    /// A folder has none of the files that could hold the weights.
    case nothingFound(folder: String, lookedFor: [String])

    public var description: String {
        switch self {
        case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)."
        case .malformed(let file, let problem): "\(file): \(problem); the file is damaged, incomplete or of another kind."
        case .missingTensor(let file, let name): "\(file): there is no tensor called \(name.quoted)."
        case .unwritable(let file, let reason): "\(file): cannot be written: \(reason)."
        case .lfsPointer(let file):
            "\(file): this is a Git LFS pointer and not the file itself; run git lfs pull in its repository to fetch it."
        case .danglingLink(let link, let target): "\(link): this symbolic link leads to \(target), where nothing is."
        case .nothingFound(let folder, let names): "\(folder): has no weights; Fader looked for \(names.joined(separator: ", "))."
        }
    }

    public var errorDescription: String? { description }

    /// Runs `body`, which knows the bytes but not the file, and names the file in the error for a defect that it finds.
    static func naming<Result>(_ url: URL, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let defect as Defect {
            throw WeightFileError.malformed(file: url.relativePath, problem: defect.problem)
        } catch let error as JSONError {
            throw WeightFileError.malformed(file: url.relativePath, problem: error.reason)
        }
    }
}

/// What is wrong with some bytes, said by a parser that does not know which file they come from.
struct Defect: Error, Equatable {
    let problem: String

    init(_ problem: String) {
        self.problem = problem
    }
}
