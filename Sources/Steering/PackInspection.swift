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

    /// - Parameter progress: is told how many parts are done.
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
                try inspect(part, in: folder, &entry)
            } catch {
                entry.faults.append(String(describing: error))
            }
        }
        report.parts.append(entry)
    }

    private mutating func inspect(_ part: Pack.Part, in folder: URL, _ entry: inout PackReport.Part) throws {
        switch part {
        case .imageEncoder: try inspectImageTower(folder, &entry)
        case .imageProcessor:
            let format = try pack.pixelNormalisation()
            entry.summary = "\(format.cropSide) × \(format.cropSide) pixels from the centre"
        case .unet: try inspectUNet(folder, &entry)
        case .movq: try inspectMoVQ(folder, &entry)
        case .scheduler:
            let schedule = try pack.schedule()
            let clamping = schedule.clipRange.map { "clean latents clamped to ±\($0)" } ?? "clean latents not clamped"
            entry.summary = "\(schedule.signal.count) noise levels, \(clamping)"
        case .sae: try inspectAutoencoder(&entry)
        case .textEncoder: try inspectTextTower(folder, &entry)
        case .tokenizer:
            let tokenizer = try pack.tokenizer()
            sizes.tokens = tokenizer.vocabularySize
            entry.summary = "\(tokenizer.vocabularySize) tokens, texts of \(tokenizer.length)"
        case .prior: try inspectPrior(folder, &entry)
        case .priorScheduler:
            let clamping = try pack.priorSchedule().clipRange.map { "clean embeddings clamped to ±\($0)" }
            entry.summary = clamping ?? "clean embeddings not clamped"
        }
    }

    private mutating func inspectImageTower(_ folder: URL, _ entry: inout PackReport.Part) throws {
        let configuration = try ImageTowerConfiguration(contentsOf: folder.appendingPathComponent("config.json"))
        sizes.towerEmbedding = configuration.projection
        entry.summary =
            "\(configuration.layers) layers of \(configuration.width), \(configuration.imageSize) × \(configuration.imageSize) pixels "
            + "in patches of \(configuration.patchSize), embeddings of \(configuration.projection)"
        try check(folder, stem: "model", &entry) { source in
            source.ignore(Pack.positionIndices)
            _ = try ImageTower(configuration, Weights(source))
        }
    }

    private mutating func inspectUNet(_ folder: URL, _ entry: inout PackReport.Part) throws {
        let configuration = try UNetConfiguration(contentsOf: folder.appendingPathComponent("config.json"))
        sizes.unetEmbedding = configuration.embeddingWidth
        sizes.unetChannels = configuration.inputChannels
        entry.summary =
            "levels of \(list(configuration.channels)) channels, latents of \(configuration.inputChannels), "
            + "embeddings of \(configuration.embeddingWidth)"
        try check(folder, stem: "diffusion_pytorch_model", &entry) { _ = try UNet(configuration, Weights($0)) }
    }

    private mutating func inspectMoVQ(_ folder: URL, _ entry: inout PackReport.Part) throws {
        let configuration = try MoVQConfiguration(contentsOf: folder.appendingPathComponent("config.json"))
        sizes.latentChannels = configuration.latentChannels
        entry.summary = "levels of \(list(configuration.channels)) channels, latents of \(configuration.latentChannels)"
        try check(folder, stem: "diffusion_pytorch_model", &entry) { source in
            source.ignore(MoVQ.codebookName)
            _ = try MoVQ(configuration, Weights(source))
        }
    }

    private mutating func inspectTextTower(_ folder: URL, _ entry: inout PackReport.Part) throws {
        let configuration = try TextTowerConfiguration(contentsOf: folder.appendingPathComponent("config.json"))
        sizes.textEmbedding = configuration.projection
        sizes.textTokens = configuration.vocabulary
        entry.summary =
            "\(configuration.layers) layers of \(configuration.width), texts of \(configuration.length) tokens, "
            + "embeddings of \(configuration.projection)"
        try check(folder, stem: "model", &entry) { source in
            source.ignore(Pack.textPositionIndices)
            _ = try TextTower(configuration, Weights(source))
        }
    }

    private mutating func inspectPrior(_ folder: URL, _ entry: inout PackReport.Part) throws {
        let configuration = try PriorConfiguration(contentsOf: folder.appendingPathComponent("config.json"))
        sizes.priorEmbedding = configuration.embeddingWidth
        entry.summary =
            "\(configuration.layers) layers of \(configuration.heads * configuration.headWidth), embeddings of \(configuration.embeddingWidth)"
        try check(folder, stem: "diffusion_pytorch_model", &entry) { _ = try Prior(configuration, Weights($0)) }
    }

    /// The autoencoder's sizes are those of its file.
    private mutating func inspectAutoencoder(_ entry: inout PackReport.Part) throws {
        let file = try pack.sparseAutoencoderFile()
        entry.weights = PackReport.Weights(file)
        let source = ParameterCheck(file)
        let weights = Weights(source)
        let encoder = file.entry("encoder.weight")?.shape ?? []
        guard encoder.count == 2 else {
            _ = try weights["encoder"].parameter("weight", [0, 0])
            entry.faults = source.faults.prefix(1).map(\.description)
            return
        }
        let (count, width) = (encoder[0], encoder[1])
        sizes.autoencoderWidth = width
        entry.summary = "\(count) features of embeddings of \(width)"
        _ = try weights["encoder"].parameter("weight", [count, width])
        _ = try weights["decoder"].parameter("weight", [width, count])
        _ = try weights.parameter("enc_bias", [count])
        _ = try weights.parameter("dec_bias", [width])
        if let threshold = file.entry("threshold") { _ = try weights.parameter("threshold", threshold.shape == [count] ? [count] : [1]) }
        entry.faults = source.faults.map(\.description)
        if entry.faults.isEmpty { report.encoderDecoderDifference = try encoderDecoderDifference(file, count: count) }
    }

    /// ‖E − Dᵀ‖ / ‖E‖, some features at a time: the published matrices have 839 MB each.
    private func encoderDecoderDifference(_ file: any WeightFile, count: Int) throws -> Double {
        let (encoder, decoder) = (try file.tensor("encoder.weight"), try file.tensor("decoder.weight"))
        var (difference, size) = (0.0, 0.0)
        for start in stride(from: 0, to: count, by: 4096) {
            try Task.checkCancellation()
            let length = min(4096, count - start)
            let rows = try encoder.narrowed(0, from: start, length: length).to(.float32)
            let columns = try decoder.narrowed(1, from: start, length: length).to(.float32).transposed()
            difference += try (rows - columns).squared().sum().item()
            size += try rows.squared().sum().item()
        }
        return size > 0 ? (difference / size).squareRoot() : 0
    }

    private func check(_ folder: URL, stem: String, _ entry: inout PackReport.Part, _ build: (ParameterCheck) throws -> Void) throws {
        let file = try WeightFiles.open(in: folder, stem: stem)
        entry.weights = PackReport.Weights(file)
        let source = ParameterCheck(file)
        try build(source)
        entry.faults += source.faults.map(\.description)
    }

    private mutating func compareSizes() {
        func compare(_ what: String, _ first: (String, Int?), _ second: (String, Int?)) {
            guard let one = first.1, let other = second.1, one != other else { return }
            report.faults.append("\(pack.folder.path): \(first.0) has \(what) of \(one) where \(second.0) has \(other).")
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

    private func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
}

extension Pack.Part {
    private static let needed: [Pack.Part] = [.imageEncoder, .imageProcessor, .unet, .movq, .scheduler, .sae]

    /// Every part, the needed ones first.
    static let all = needed + [.textEncoder, .tokenizer, .prior, .priorScheduler]

    /// Whether a pack is of no use without it.
    var isNeeded: Bool { Self.needed.contains(self) }
}

extension Engine {
    /// Looks at a pack without opening it; what is open stays open.
    /// - Throws: `SteeringError` when there is no pack or its `pack.json` cannot be read; anything else that is wrong is in the report.
    public func report(on folder: URL, progress: @Sendable (WorkProgress) -> Void = { _ in }) throws -> PackReport {
        try Tensor.inference { try PackInspection(Pack(folder), progress: progress).report }
    }
}
