import Foundation

/// What can be wrong with a command's files and numbers.
enum CommandError: Error, LocalizedError, CustomStringConvertible {
    case unreadable(String, reason: String)
    case unwritable(String)
    case readTwice
    case binaryOnTerminal
    case wouldReplaceItself(String)
    case writtenTwice(String)
    case notAFolder(String)
    case manyToStandardOutput
    case unanswered(String)

    var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): the file cannot be read: \(reason)."
        case .unwritable(let path): "\(path): it cannot be written; look at the folder, its permissions and the space that is left."
        case .readTwice: "Standard input can be read only once: name a file instead of one of the two -."
        case .binaryOnTerminal: "Standard output is a terminal, which cannot show the file: redirect it, or give a name with -o."
        case .wouldReplaceItself(let path):
            "\(path): this would replace a picture or a file that the command reads; give another place, or --force to replace it."
        case .writtenTwice(let path): "\(path): two results would go to this file; give another name to one of them."
        case .notAFolder(let path): "\(path): this is not a folder, and none can be created here."
        case .manyToStandardOutput: "Standard output takes one picture: give a folder with -o."
        case .unanswered(let question): "Nobody is at a terminal to answer \"\(question)\": --yes means yes."
        }
    }

    var errorDescription: String? { description }
}
