import Foundation

/// What can stop a training run.
public enum TrainingError: Error, Equatable, LocalizedError, CustomStringConvertible {
    case diverged(trainer: String, step: Int, checkpoint: String)
    case checkpointExists(file: String)
    case foreignCheckpoint(file: String, found: String, expected: String)
    case unsupportedVersion(file: String, found: String)
    case misshapenParameter(file: String, name: String, found: [Int], expected: [Int])
    case missingParameter(file: String, name: String)
    case unusableFolder(String, reason: String)
    case missingStage(file: String, stage: String)
    case missingCheckpoint(file: String)
    case unsuitableEmbeddings(file: String, reason: String)
    case unsuitable(String)

    public var description: String {
        switch self {
        case .diverged(let trainer, let step, let checkpoint):
            "The loss of the \(trainer) is not a number at step \(step); \(checkpoint) is kept as it was before: resume with a lower learning rate."
        case .checkpointExists(let file): "\(file): a run is already here; add --resume to go on with it, or choose another folder."
        case .foreignCheckpoint(let file, let found, let expected):
            "\(file): this checkpoint belongs to the trainer \"\(found)\", not \"\(expected)\"; choose another folder."
        case .unsupportedVersion(let file, let found):
            "\(file): this checkpoint has format version \(found), which this program does not read; choose another folder."
        case .misshapenParameter(let file, let name, let found, let expected):
            "\(file): \"\(name)\" is \(found) where the network asks for \(expected); resume with the settings that the run was started with."
        case .missingParameter(let file, let name):
            "\(file): \"\(name)\" is missing; resume with the settings that the run was started with."
        case .unusableFolder(let path, let reason): "\(path): files cannot be written here: \(reason)"
        case .missingStage(let file, let stage): "\(file): there is no such file; train the \(stage) first."
        case .missingCheckpoint(let file): "\(file): there is no such checkpoint; train this stage first, with a constant learning rate."
        case .unsuitableEmbeddings(let file, let reason): "\(file): these embeddings cannot be trained on: \(reason)"
        case .unsuitable(let sentence): sentence
        }
    }

    public var errorDescription: String? { description }
}

/// Makes a folder and those above it, where they are missing.
/// - Throws: `TrainingError.unusableFolder`.
func makeFolder(_ folder: URL) throws {
    do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
        throw TrainingError.unusableFolder(folder.path, reason: "the folder cannot be made.")
    }
}
