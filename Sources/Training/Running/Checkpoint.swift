import Foundation
import Tensors

/// Everything that a run needs to go on: tensors by name, and where it stood.
struct Checkpoint {
    static let version = "1"

    var trainer: String
    var step: Int
    /// Time spent training so far.
    var seconds: Double
    /// Those of the steps since the last line of the log.
    var losses: [Double]
    var tensors: [(name: String, tensor: Tensor)]

    /// Replaces `file` at once: a reader finds the old checkpoint or the new one, never a part.
    func write(to file: URL) throws {
        let metadata = [
            "trainer": trainer, "version": Self.version, "step": String(step), "seconds": String(seconds),
            "losses": losses.map { String($0) }.joined(separator: " "),
        ]
        try SafetensorsWriter.write(tensors, metadata: metadata, to: file)
    }

    /// Where a checkpoint stands, before its tensors are read.
    struct Reader {
        let file: SafetensorsFile
        let step: Int
        let seconds: Double
        let losses: [Double]

        /// - Throws: `TrainingError` when the file belongs to another trainer or another version of this format.
        init(_ url: URL, trainer: String) throws {
            file = try SafetensorsFile(contentsOf: url)
            let metadata = file.metadata
            let found = metadata["trainer"] ?? "none"
            guard found == trainer else { throw TrainingError.foreignCheckpoint(file: url.path, found: found, expected: trainer) }
            guard metadata["version"] == Checkpoint.version, let step = metadata["step"].flatMap(Int.init),
                let seconds = metadata["seconds"].flatMap(Double.init)
            else { throw TrainingError.unsupportedVersion(file: url.path, found: metadata["version"] ?? "none") }
            self.step = step
            self.seconds = seconds
            losses = (metadata["losses"] ?? "").split(separator: " ").compactMap { Double($0) }
        }

        /// Copies the tensor `name` into `target`.
        func restore(_ name: String, into target: Tensor) throws {
            guard let entry = file.entry(name) else { throw TrainingError.missingParameter(file: file.url.path, name: name) }
            guard entry.shape == target.shape else {
                throw TrainingError.misshapenParameter(file: file.url.path, name: name, found: entry.shape, expected: target.shape)
            }
            try target.assign(file.tensor(name))
        }
    }
}
