import Foundation

/// What can be wrong with a command's files.
enum CommandError: Error, LocalizedError, CustomStringConvertible {
    case unreadable(String)
    case unwritable(String)
    case notFinite(FeatureAssignment)
    case notFiniteAmount(DirectionAmount)
    case wouldReplaceItself(String)
    case notAFolder(String)

    var description: String {
        switch self {
        case .unreadable(let path): "\(path): the file cannot be read."
        case .unwritable(let path): "\(path): it cannot be written; look at the folder, its permissions and the space that is left."
        case .wouldReplaceItself(let path): "\(path): this would replace a picture that is to be changed; give another folder with -o."
        case .notAFolder(let path): "\(path): this is no folder, and none can be made here."
        case .notFinite(let assignment): "\(assignment.feature)=\(assignment.value): a feature's value must be a finite number."
        case .notFiniteAmount(let move): "\(move.name)=\(move.amount): a direction's amount must be a finite number."
        }
    }

    var errorDescription: String? { description }
}
