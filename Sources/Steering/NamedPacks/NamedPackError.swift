import Foundation

/// What can be wrong with a pack that goes by a name.
public enum NamedPackError: Error, Equatable, LocalizedError, CustomStringConvertible {
    case unsuitableName(String)
    case unknown(String)
    case unfinished(String)
    case taken(String, folder: String)
    case notFaders(String)
    case notFound(repositories: [String])
    case unwritable(String)
    case inUse(String)

    public var description: String {
        switch self {
        case .unsuitableName(let name):
            "\"\(name)\" cannot name a pack: a name has up to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit."
        case .unknown(let name): "\(name): there is no folder and no pack of this name; fader pack list shows the names."
        case .unfinished(let name): "\(name): the download of this pack is incomplete; fader pack get resumes it."
        case .taken(let name, let folder):
            "There is another pack called \(name) in \(folder): give this one another --name, or remove that with fader pack remove."
        case .notFaders(let folder): "\(folder): Fader did not write this folder, and leaves it as it is."
        case .notFound(let repositories):
            "Neither the hub's caches nor the given folders hold \(repositories.joined(separator: " or ")); fader pack get downloads all."
        case .unwritable(let path):
            "\(path): this cannot be written or removed; look at the folder's permissions and the space that is left."
        case .inUse(let folder): "\(folder): another program is downloading this pack; wait until it is done."
        }
    }

    public var errorDescription: String? { description }
}
