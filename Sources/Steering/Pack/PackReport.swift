import Foundation
import Networks
import Tensors

/// What is in a pack and whether its parts fit their configs and each other, found without loading a network.
///
/// `Engine.report(on:)` makes one.
public struct PackReport: Sendable, Equatable, Codable {
    /// One folder of the pack.
    public struct Part: Sendable, Equatable, Codable {
        /// For instance "decoder/unet".
        public var name: String
        /// Whether the pack is of no use without it.
        public var isNeeded: Bool
        /// Where it is; nil when it is missing.
        public var path: String?
        /// What its config says, in a few words; empty when it has none or it cannot be read.
        public var summary = ""
        /// Its file of weights, where it has one that can be opened.
        public var weights: Weights?
        /// What is wrong with it, each in one sentence that names the file.
        public var faults: [String] = []
    }

    /// A file of weights, or an index of several.
    public struct Weights: Sendable, Equatable, Codable {
        public var file: String
        public var tensorCount: Int
        /// How many numbers its tensors hold.
        public var parameterCount: Int
        /// The tensors' types, each once.
        public var dataTypes: [String]
        /// The size of its tensors.
        public var bytes: Int
    }

    /// The name that the pack goes by.
    public var name: String
    public var path: String
    public var licence: String?
    public var parts: [Part]
    /// What does not fit between parts, each in one sentence.
    public var faults: [String] = []
    /// ‖E − Dᵀ‖ / ‖E‖ of the sparse autoencoder's encoder E and decoder D: 0 when they are one matrix; nil when they cannot be compared.
    public var encoderDecoderDifference: Double?

    /// Everything that is wrong, the parts' faults and those between them; a needed part that is missing counts.
    public var allFaults: [String] {
        let missing = parts.filter { $0.isNeeded && $0.path == nil }
        return missing.map { SteeringError.packPartMissing(pack: path, part: $0.name).description } + parts.flatMap(\.faults) + faults
    }
}

extension PackReport.Weights {
    init(_ file: any WeightFile) {
        let entries = file.names.compactMap(file.entry)
        self.init(
            file: file.url.path, tensorCount: entries.count, parameterCount: entries.reduce(0) { $0 + $1.shape.reduce(1, *) },
            dataTypes: Set(entries.map(\.dataType.rawValue)).sorted(), bytes: entries.reduce(0) { $0 + $1.byteRange.count })
    }
}
