import Diffusion
import Foundation
import Networks
import Tensors

/// Makes a `PackReport`: each part is looked at on its own, so that one fault does not hide the next.
struct PackInspection {
    private let pack: Pack
    private(set) var report: PackReport
    private var sizes = Sizes()

    /// The sizes in which parts must agree, as far as they are known.
    private struct Sizes {
        var towerEmbedding, unetEmbedding, autoencoderWidth: Int?
        var unetChannels, latentChannels: Int?
        var priorEmbedding, textEmbedding: Int?
        var tokens, textTokens: Int?
    }

    /// - Parameter progress: called with how many parts are done.
    init(_ pack: Pack, progress: (WorkProgress) -> Void) throws {
        self.pack = pack
        report = PackReport(name: pack.name, path: pack.folder.path, licence: pack.description.licence, parts: [])
        let parts = Pack.Part.all
        for (index, part) in parts.enumerated() {
            progress(WorkProgress(.checking, step: index, count: parts.count))
            try Task.checkCancellation()
            inspect(part)
        }
        progress(WorkProgress(.checking, step: parts.count, count: parts.count))
        compareSizes()
    }

    private mutating func inspect(_ part: Pack.Part) {
        var entry = PackReport.Part(name: part.rawValue, isNeeded: part.isNeeded)
        if let folder = try? pack.folder(of: part) {
            entry.path = folder.path
            do {
                try inspect(part, &entry)
            } catch {
                entry.faults.append(String(describing: error))
            }
        }
        report.parts.append(entry)
    }

    private mutating func inspect(_ part: Pack.Part, _ entry: inout PackReport.Part) throws {
        switch part {
        case .imageEncoder: try inspect(ImageTower.self, part, &entry) { $1.towerEmbedding = $0.projection }
        case .unet: try inspect(UNet.self, part, &entry) { ($1.unetEmbedding, $1.unetChannels) = ($0.embeddingWidth, $0.inputChannels) }
        case .movq: try inspect(MoVQ.self, part, &entry) { $1.latentChannels = $0.latentChannels }
        case .textEncoder: try inspect(TextTower.self, part, &entry) { ($1.textEmbedding, $1.textTokens) = ($0.projection, $0.vocabulary) }
        case .prior: try inspect(Prior.self, part, &entry) { $1.priorEmbedding = $0.embeddingWidth }
        case .sae: try inspectAutoencoder(&entry)
        case .imageProcessor: entry.summary = try pack.pixelNormalisation().summary
        case .scheduler: entry.summary = try pack.schedule().summary
        case .priorScheduler: entry.summary = try pack.priorSchedule().summary
        case .tokenizer:
            let tokenizer = try pack.tokenizer()
            sizes.tokens = tokenizer.vocabularySize
            entry.summary = tokenizer.summary
        }
    }

    /// - Parameter note: keeps those of the network's sizes that other parts must agree with.
    private mutating func inspect<Network: CheckpointNetwork>(
        _ network: Network.Type, _ part: Pack.Part, _ entry: inout PackReport.Part, note: (Network.Sizes, inout Sizes) -> Void
    ) throws where Network.Sizes: Summarised {
        let configuration: Network.Sizes = try pack.configuration(of: part)
        note(configuration, &sizes)
        entry.summary = configuration.summary
        let file = try pack.weightFile(of: part)
        entry.weights = PackReport.Weights(file)
        let source = ParameterCheck(file)
        Network.unneededParameters.forEach(source.ignore)
        _ = try Network(configuration, Weights(source))
        entry.faults += source.faults.map(\.description)
    }

    private mutating func inspectAutoencoder(_ entry: inout PackReport.Part) throws {
        let file = try pack.sparseAutoencoderFile()
        entry.weights = PackReport.Weights(file.file)
        sizes.autoencoderWidth = file.width
        let family = file.family == "Fader" ? "" : ", as \(file.family) saves them"
        entry.summary = "\(file.count) features of embeddings of \(file.width)\(family), \(file.configuration.summary)"
        entry.faults = try file.faults().map(\.description)
        if entry.faults.isEmpty { report.encoderDecoderDifference = try encoderDecoderDifference(file) }
    }

    /// ‖E − D‖ / ‖E‖ of the rows of both, some features at a time: the published matrices have 839 MB each.
    private func encoderDecoderDifference(_ file: SparseAutoencoderFile) throws -> Double {
        guard let (encoder, decoder) = try file.matrices() else { return 0 }
        var (difference, size) = (0.0, 0.0)
        for start in stride(from: 0, to: file.count, by: 4096) {
            try Task.checkCancellation()
            let length = min(4096, file.count - start)
            let rows = try encoder.narrowed(0, from: start, length: length).to(.float32)
            let others = try decoder.narrowed(0, from: start, length: length).to(.float32)
            difference += try (rows - others).squared().sum().item()
            size += try rows.squared().sum().item()
        }
        return size > 0 ? (difference / size).squareRoot() : 0
    }

    private mutating func compareSizes() {
        func compare(_ what: String, _ first: (String, Int?), _ second: (String, Int?)) {
            guard let one = first.1, let other = second.1 else { return }
            if let fault = pack.sizeFault(what, (first.0, one), (second.0, other)) { report.faults.append(fault) }
        }
        compare("image embeddings", ("prior/image_encoder", sizes.towerEmbedding), ("decoder/unet", sizes.unetEmbedding))
        compare("image embeddings", ("prior/image_encoder", sizes.towerEmbedding), ("sae", sizes.autoencoderWidth))
        compare("image embeddings", ("decoder/unet", sizes.unetEmbedding), ("prior/prior", sizes.priorEmbedding))
        compare("text embeddings", ("prior/text_encoder", sizes.textEmbedding), ("prior/prior", sizes.priorEmbedding))
        if let tokens = sizes.tokens, let known = sizes.textTokens, tokens > known {
            compare("a vocabulary", ("prior/tokenizer", tokens), ("prior/text_encoder", known))
        }
        compare("latent channels", ("decoder/unet", sizes.unetChannels), ("decoder/movq", sizes.latentChannels))
    }
}

extension Engine {
    /// Looks at a pack without opening it; what is open stays open.
    /// - Throws: `SteeringError` when there is no pack or its `pack.json` cannot be read; anything else that is wrong is in the report.
    public func report(on folder: URL, progress: @Sendable (WorkProgress) -> Void = { _ in }) throws -> PackReport {
        try Tensor.inference { try PackInspection(Pack(folder), progress: progress).report }
    }
}
