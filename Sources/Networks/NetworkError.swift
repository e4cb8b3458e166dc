import Files
import Foundation

/// What can be wrong with a network's files or with what is fed to it.
public enum NetworkError: Error, Equatable, LocalizedError, CustomStringConvertible {
    case unreadableConfiguration(file: String, reason: String)
    case missingOption(file: String, option: String)
    case invalidOption(file: String, option: String, found: String, expected: String)
    case unsupportedOption(file: String, option: String, found: String, supported: String)
    case unknownOptions(file: String, options: [String])
    case missingParameter(file: String, name: String, shape: [Int])
    case misshapenParameter(file: String, name: String, found: [Int], expected: [Int])
    case wrongParameterType(file: String, name: String, found: String)
    case unknownParameters(file: String, names: [String])
    case otherAutoencoder(file: String, kind: String?, names: [String])
    case missingConfiguration(file: String, reason: String)
    case notFinite(file: String, name: String)
    case unsuitableInput(String)

    public var description: String {
        switch self {
        case .unreadableConfiguration(let file, let reason): "\(file): this is not a readable configuration: \(reason)"
        case .missingOption(let file, let option): "\(file): the option \"\(option)\" is missing."
        case .invalidOption(let file, let option, let found, let expected):
            "\(file): the option \"\(option)\" is \(found) where \(expected) is expected."
        case .unsupportedOption(let file, let option, let found, let supported):
            "\(file): the option \"\(option)\" is \(found); Fader runs only networks where it is \(supported)."
        case .unknownOptions(let file, let options):
            "\(file): Fader does not know \(options.count == 1 ? "the option" : "the options") \(Self.list(options))."
        case .missingParameter(let file, let name, let shape): "\(file): \"\(name)\" \(shape) is missing."
        case .misshapenParameter(let file, let name, let found, let expected):
            "\(file): \"\(name)\" is \(found) where the config asks for \(expected)."
        case .wrongParameterType(let file, let name, let found):
            "\(file): \"\(name)\" holds \(found) where floating-point numbers are expected."
        case .unknownParameters(let file, let names):
            "\(file): the config has no place for \(Self.list(names)); the weights belong to another network."
        case .otherAutoencoder(let file, let kind, let names):
            "\(file): this is \(kind ?? "no sparse autoencoder of a kind that Fader knows"): it holds \(Self.list(names, limit: 6)); "
                + "Fader reads \(SparseAutoencoderLayout.known)."
        case .missingConfiguration(let file, let reason): "\(file): its configuration is missing: \(reason)."
        case .notFinite(let file, let name):
            "\(file): \"\(name)\" holds numbers that are infinite or NaN; the file is damaged, or the data type cannot hold them."
        case .unsuitableInput(let message): message
        }
    }

    public var errorDescription: String? { description }

    private static func list(_ names: [String], limit: Int = 3) -> String {
        let shown = names.prefix(limit).map(\.quoted).joined(separator: ", ")
        return names.count > limit ? shown + " and \(names.count - limit) more" : shown
    }
}
