import Foundation
import Tensors

/// A sparse autoencoder's file of weights, in any of the layouts in which they are published, with what its configuration says.
///
/// Layouts and formulas follow SAELens 6.54, dictionary_learning 0.1, OpenAI's sparse_autoencoder, ViT-Prisma 2 and Overcomplete 0.3. What is
/// not understood is refused, never guessed.
public struct SparseAutoencoderFile: Sendable {
    public let url: URL
    public let file: any WeightFile
    /// The number of features, and of the numbers of an embedding.
    public let count, width: Int
    public let configuration: SparseAutoencoderConfiguration
    let layout: SparseAutoencoderLayout

    /// - Parameters:
    ///   - configuration: the `cfg.json` or `config.json` beside it; nil when there is none.
    ///   - file: the weights.
    /// - Throws: `NetworkError` when the file is no autoencoder of a kind that Fader runs, naming what was found and what would be understood.
    public init(_ file: any WeightFile, configuration: URL?) throws {
        let file = RenamedWeights(file)
        let names = Set(file.names)
        if let kind = SparseAutoencoderLayout.otherKind(names) {
            throw NetworkError.otherAutoencoder(file: file.url.path, kind: kind, names: file.names)
        }
        guard var layout = SparseAutoencoderLayout(names) else {
            throw NetworkError.otherAutoencoder(file: file.url.path, kind: nil, names: file.names)
        }
        (count, width) = try Self.sizes(file, layout)
        var reader = try SparseAutoencoderReader(file, layout, count: count, width: width, configuration)
        self.configuration = try reader.configuration()
        layout.family = reader.family
        self.layout = layout
        self.file = file
        url = file.url
    }

    /// Whose layout and formula it follows, such as "SAELens".
    public var family: String { layout.family.rawValue }

    /// - Throws: `NetworkError` when a parameter is missing or misshapen, or one is left over.
    public func load(
        as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void = { _ in }
    ) throws -> SparseAutoencoder {
        let source = CheckpointSource(file, as: dataType, on: device, each: each)
        unneeded.forEach(source.ignore)
        let parameters = try SparseAutoencoderParameters(Weights(source), layout, configuration, count: count, width: width)
        try source.finish()
        return try SparseAutoencoder(parameters, configuration, count: count, width: width)
    }

    /// Everything that is wrong with its parameters.
    public func faults() throws -> [NetworkError] {
        let source = ParameterCheck(file)
        unneeded.forEach(source.ignore)
        _ = try SparseAutoencoderParameters(Weights(source), layout, configuration, count: count, width: width)
        return source.faults
    }

    /// Gives back the memory of the encoder, which sampling does not need.
    public func forgetEncoder() {
        if let encoder = layout.encoder { file.forget(encoder.name) }
    }

    /// The rows `[count, width]` of the encoder and of the decoder as the file has them; nil when they are one.
    public func matrices() throws -> (encoder: Tensor, decoder: Tensor)? {
        guard let encoder = layout.encoder else { return nil }
        return (try rows(encoder), try rows(layout.decoder))
    }

    private func rows(_ matrix: SparseAutoencoderLayout.Matrix) throws -> Tensor {
        switch matrix {
        case .rows(let name): try file.tensor(name)
        case .columns(let name): try file.tensor(name).transposed()
        }
    }

    private var unneeded: Set<String> {
        var names = layout.unneeded
        if let scale = layout.featureScale, !configuration.appliesFeatureScale { names.insert(scale) }
        // Those that keep the k largest carry what they would take as a threshold.
        if case .topK = configuration.activation, layout.family == .dictionaryLearning, let threshold = layout.threshold {
            names.insert(threshold)
        }
        return names
    }

    private static func sizes(_ file: any WeightFile, _ layout: SparseAutoencoderLayout) throws -> (count: Int, width: Int) {
        let matrix = layout.encoder ?? layout.decoder
        guard let shape = file.entry(matrix.name)?.shape else {
            throw NetworkError.missingParameter(file: file.url.path, name: matrix.name, shape: [])
        }
        guard shape.count == 2 else {
            throw NetworkError.misshapenParameter(file: file.url.path, name: matrix.name, found: shape, expected: [0, 0])
        }
        switch matrix {
        case .rows: return (shape[0], shape[1])
        case .columns: return (shape[1], shape[0])
        }
    }
}

/// A file whose names begin with what a wrapper of the model put before them all: `module.`, of data-parallel training, or `_orig_mod.`, of
/// `torch.compile`.
private struct RenamedWeights: WeightFile {
    let names: [String]
    let notes: [String: WeightNote]
    private let file: any WeightFile
    private let prefix: String

    private static let prefixes = ["module.", "_orig_mod."]

    init(_ file: any WeightFile) {
        self.file = file
        var prefix = ""
        func isShared(_ candidate: String) -> Bool { !file.names.isEmpty && file.names.allSatisfy { $0.hasPrefix(candidate) } }
        while let next = Self.prefixes.map({ prefix + $0 }).first(where: isShared) { prefix = next }
        self.prefix = prefix
        let length = prefix.count
        names = file.names.map { String($0.dropFirst(length)) }
        notes = Dictionary(
            uniqueKeysWithValues: file.notes.filter { $0.key.hasPrefix(prefix) }.map { (String($0.key.dropFirst(length)), $0.value) })
    }

    var url: URL { file.url }
    var files: [URL] { file.files }
    func entry(_ name: String) -> TensorEntry? { file.entry(prefix + name) }
    func tensor(_ name: String) throws -> Tensor { try file.tensor(prefix + name) }
    func forget(_ name: String) { file.forget(prefix + name) }
}
