import Files
import Foundation
import Tensors

/// Finds out how the autoencoder of a file computes: from its configuration, of whichever library, and from the file itself.
struct SparseAutoencoderReader {
    private(set) var family: SparseAutoencoderLayout.Family
    private let file: any WeightFile
    private let layout: SparseAutoencoderLayout
    private let count, width: Int
    private var options: ConfigurationFile?
    private let kind: Kind?

    /// Whose configuration it is.
    private enum Kind {
        case own, saeLens, dictionaryLearning, prisma
    }

    init(_ file: any WeightFile, _ layout: SparseAutoencoderLayout, count: Int, width: Int, _ configuration: URL?) throws {
        self.file = file
        self.layout = layout
        self.count = count
        self.width = width
        family = layout.family
        var options = try configuration.map(ConfigurationFile.init(contentsOf:))
        kind = options.map { _ in
            if configuration?.lastPathComponent == "cfg.json" { return .saeLens }
            if options?.value("trainer") != .null { return .dictionaryLearning }
            let marks = ["activation_fn_str", "hook_point_layer", "expansion_factor", "model_class_name"]
            return marks.contains { options?.value($0) != .null } ? .prisma : .own
        }
        // What was asked for only to tell the libraries apart is not heeded by that.
        options = try configuration.map(ConfigurationFile.init(contentsOf:))
        self.options = options
    }

    /// - Throws: `NetworkError` for an option that Fader does not heed, or one that the file contradicts.
    mutating func configuration() throws -> SparseAutoencoderConfiguration {
        guard var options, let kind else { return try fromFile(needsConfiguration: true) }
        var configuration: SparseAutoencoderConfiguration
        switch kind {
        case .own:
            configuration = try fromFile(needsConfiguration: false)
            if layout.family == .overcomplete { try readDictionary(&options, &configuration) }
            try configuration.read(&options, threshold: threshold)
            try options.finish()
        case .saeLens:
            configuration = try saeLens(&options)
            if layout.family != .own { family = .saeLens }
        case .prisma:
            configuration = try prisma(&options)
            family = .prisma
        case .dictionaryLearning:
            configuration = try dictionaryLearning(&options)
            family = .dictionaryLearning
        }
        return configuration
    }

    private var threshold: [Int]? { layout.threshold.flatMap { file.entry($0)?.shape } }

    private func requiredThreshold() throws -> [Int] {
        guard let threshold else {
            throw NetworkError.missingParameter(file: file.url.path, name: layout.threshold ?? "threshold", shape: [count])
        }
        return threshold
    }

    // MARK: Without a configuration

    private func fromFile(needsConfiguration: Bool) throws -> SparseAutoencoderConfiguration {
        var configuration = SparseAutoencoderConfiguration(threshold: threshold)
        switch layout.family {
        case .own: break
        case .openAI: try openAI(&configuration)
        case .overcomplete:
            (configuration.keepsThreshold, configuration.hasLogarithmicThreshold) = (true, true)
            configuration.dictionaryNormalisation = .l2
        case .dictionaryLearning:
            configuration.subtractsDecoderBias = layout.decoderBias != "decoder.bias"
            guard let k = try fileK() else { break }
            if file.names.contains("group_sizes") { break }
            if threshold == nil {
                configuration.activation = .topK(k)
            } else if needsConfiguration {
                throw NetworkError.missingConfiguration(
                    file: file.url.path,
                    reason: "its tensors k and threshold are those of an AutoEncoderTopK or of a BatchTopKSAE, and trainer.dict_class in a "
                        + "config.json beside it says which")
            }
        case .saeLens, .prisma:
            if needsConfiguration {
                throw NetworkError.missingConfiguration(
                    file: file.url.path,
                    reason:
                        "whether its decoder's bias is subtracted and how its input is normalised is in its library's cfg.json (SAELens) "
                        + "or config.json (ViT-Prisma), which is to lie beside it")
            }
        }
        return configuration
    }

    /// `from_state_dict` in OpenAI's model.py: with TopK its input is normalised.
    private func openAI(_ configuration: inout SparseAutoencoderConfiguration) throws {
        configuration.subtractsDecoderBias = true
        switch file.notes["activation"] {
        case nil, .text("ReLU"): configuration.activation = .relu
        case .text("TopK"):
            guard case .integer(let k)? = file.notes["activation_state_dict.k"] else {
                throw NetworkError.missingOption(file: file.url.path, option: "activation_state_dict.k")
            }
            if let found = file.notes["activation_state_dict.postact_fn"], found != .text("ReLU") {
                throw unsupported(file.url.path, "activation_state_dict.postact_fn", Self.described(found), "\"ReLU\"")
            }
            configuration.activation = .topK(k)
            configuration.normalisation = .layerNorm
        case let other?: throw unsupported(file.url.path, "activation", Self.described(other), "\"ReLU\" or \"TopK\"")
        }
    }

    /// The tensor `k`.
    private func fileK() throws -> Int? {
        guard let entry = file.entry("k") else { return nil }
        guard entry.shape.reduce(1, *) == 1, entry.shape.count <= 1, !entry.dataType.isFloatingPoint, entry.dataType != .bool else {
            throw NetworkError.misshapenParameter(file: file.url.path, name: "k", found: entry.shape, expected: [])
        }
        return try file.tensor("k").to(.int64).integers().first
    }

    private func readDictionary(_ options: inout ConfigurationFile, _ configuration: inout SparseAutoencoderConfiguration) throws {
        let name = "dictionary_normalization"
        let wanted = try options.text(name, default: "l2")
        guard let found = SparseAutoencoderConfiguration.DictionaryNormalisation(rawValue: wanted) else {
            let all = SparseAutoencoderConfiguration.DictionaryNormalisation.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw NetworkError.invalidOption(file: options.file, option: name, found: "\"\(wanted)\"", expected: "one of \(all)")
        }
        configuration.dictionaryNormalisation = found
        if options.value("top_k") != .null { configuration.activation = .topK(try options.integer("top_k")) }
    }

    // MARK: SAELens and ViT-Prisma

    /// SAELens's `SAEConfig` and its subclasses, and what `handle_pre_6_0_config` makes of older ones. Options that concern training, and the
    /// model whose activations it was trained on, change nothing here, and SAELens passes over them too.
    private func saeLens(_ options: inout ConfigurationFile) throws -> SparseAutoencoderConfiguration {
        var configuration = SparseAutoencoderConfiguration(threshold: nil)
        try checkSizes(&options, count: "d_sae", width: "d_in")
        try options.require("reshape_activations", .text("none"))
        configuration.subtractsDecoderBias = try options.boolean("apply_b_dec_to_input", default: true)
        try readNormalisation(&options, &configuration, usual: "none")
        try readFeatureScale(&options, &configuration)
        let architecture = try options.text("architecture", default: "standard")
        let isTopK = try readsTopK(&options, &configuration)
        switch architecture {
        case "standard" where !isTopK: break
        case "topk", "standard":
            guard isTopK else { throw NetworkError.missingOption(file: options.file, option: "k") }
            configuration.countsDecoderNorms = try options.boolean("rescale_acts_by_decoder_norm", default: false)
        case "jumprelu": configuration.activation = .threshold(shape: try requiredThreshold())
        case "batchtopk", "matryoshka_batchtopk":
            // A checkpoint of training: its threshold is of activations that already count the lengths of their directions.
            configuration.activation = .threshold(shape: try requiredThreshold())
            configuration.countsDecoderNorms = try options.boolean("rescale_acts_by_decoder_norm", default: true)
            configuration.scalesThreshold = false
        default:
            throw unsupported(
                options.file, "architecture", "\"\(architecture)\"",
                "\"standard\", \"topk\", \"jumprelu\", \"batchtopk\" or "
                    + "\"matryoshka_batchtopk\"")
        }
        return configuration
    }

    /// ViT-Prisma's `VisionModelSAERunnerConfig`.
    private func prisma(_ options: inout ConfigurationFile) throws -> SparseAutoencoderConfiguration {
        var configuration = SparseAutoencoderConfiguration(threshold: nil)
        try checkSizes(&options, count: "d_sae", width: "d_in")
        try options.require("architecture", .text("standard"))
        try options.require("is_transcoder", .boolean(false))
        configuration.subtractsDecoderBias = true
        try readNormalisation(&options, &configuration, usual: "layer_norm")
        _ = try readsTopK(&options, &configuration)
        return configuration
    }

    private func readNormalisation(
        _ options: inout ConfigurationFile, _ configuration: inout SparseAutoencoderConfiguration, usual: String
    ) throws {
        let name = "normalize_activations"
        let found = options.value(name)
        switch found {
        case .null where usual == "layer_norm", .text("layer_norm"): configuration.normalisation = .layerNorm
        case .null, .boolean(false), .text("none"): break
        case .text("constant_norm_rescale"): configuration.normalisation = .constantNorm
        case .boolean(true), .text("expected_average_only_in"):
            // SAELens runs such a file as it is where it knows no factor: the factor is folded in, or the activations were scaled outside.
            configuration.inputScale = try options.number("norm_scaling_factor", default: 1)
            guard configuration.inputScale > 0 else {
                throw NetworkError.invalidOption(
                    file: options.file, option: "norm_scaling_factor", found: "\(configuration.inputScale)", expected: "a number above 0")
            }
        default:
            throw unsupported(
                options.file, name, found.description,
                "\"none\", \"expected_average_only_in\", \"constant_norm_rescale\" or \"layer_norm\"")
        }
    }

    /// Whether the k largest are kept, which older configurations say by their activation function.
    private func readsTopK(_ options: inout ConfigurationFile, _ configuration: inout SparseAutoencoderConfiguration) throws -> Bool {
        var function = "relu"
        for name in ["activation_fn", "activation_fn_str"] where options.value(name) != .null {
            function = try options.text(name)
            guard ["relu", "topk"].contains(function) else {
                throw unsupported(options.file, name, "\"\(function)\"", "\"relu\" or \"topk\"")
            }
        }
        var k: Int?
        if case .object(let arguments) = options.value("activation_fn_kwargs"), let found = arguments["k"] {
            guard let whole = found.whole, (1...count).contains(whole) else {
                throw NetworkError.invalidOption(
                    file: options.file, option: "activation_fn_kwargs.k", found: found.description,
                    expected: "a whole number from 1 to \(count)")
            }
            k = whole
        }
        let isTopK = function == "topk" || options.value("architecture") == .text("topk")
        guard isTopK else { return false }
        if let k = try k ?? (options.value("k") == .null ? nil : options.integer("k", in: 1...max(1, count))) {
            configuration.activation = .topK(k)
            return true
        }
        throw NetworkError.missingOption(file: options.file, option: "k")
    }

    /// Older files carry a factor for each feature, which is 1 unless it was tuned.
    private func readFeatureScale(_ options: inout ConfigurationFile, _ configuration: inout SparseAutoencoderConfiguration) throws {
        guard let name = layout.featureScale, file.entry(name)?.shape == [count] else { return }
        let isOne = try (file.tensor(name).to(.float32) - 1).magnitude().largest().item() <= 1e-5
        if isOne { return }
        guard options.value("finetuning_scaling_factor") == .boolean(true) else {
            throw unsupported(options.file, "finetuning_scaling_factor", "not true", "true, as \"\(name)\" is not 1 everywhere")
        }
        configuration.appliesFeatureScale = true
    }

    // MARK: dictionary_learning

    private func dictionaryLearning(_ options: inout ConfigurationFile) throws -> SparseAutoencoderConfiguration {
        guard case .object(let trainer) = options.value("trainer"), case .text(let kind)? = trainer["dict_class"] else {
            throw NetworkError.missingOption(file: options.file, option: "trainer.dict_class")
        }
        for (name, size) in [("activation_dim", width), ("dict_size", count)] {
            guard let found = trainer[name], found != .null, found != .integer(size) else { continue }
            throw NetworkError.invalidOption(
                file: options.file, option: "trainer.\(name)", found: found.description,
                expected: "\(size), as in \(file.url.lastPathComponent),")
        }
        var configuration = SparseAutoencoderConfiguration(threshold: nil)
        configuration.subtractsDecoderBias = layout.decoderBias != "decoder.bias"
        switch kind {
        case "AutoEncoder", "AutoEncoderNew": break
        case "AutoEncoderTopK": configuration.activation = .topK(try dictionaryK(trainer, options.file))
        case "BatchTopKSAE", "MatryoshkaBatchTopKSAE":
            _ = try dictionaryK(trainer, options.file)
            configuration.activation = .threshold(shape: try requiredThreshold())
        case "JumpReluAutoEncoder":
            configuration.activation = .threshold(shape: try requiredThreshold())
            configuration.subtractsDecoderBias = false
            configuration.countsDecoderNorms = true
        default:
            throw unsupported(
                options.file, "trainer.dict_class", "\"\(kind)\"",
                "AutoEncoder, AutoEncoderNew, AutoEncoderTopK, BatchTopKSAE, MatryoshkaBatchTopKSAE or JumpReluAutoEncoder")
        }
        return configuration
    }

    /// The number k, in which the file and its configuration must agree.
    private func dictionaryK(_ trainer: [String: JSONValue], _ path: String) throws -> Int {
        let found = try fileK()
        guard let option = trainer["k"], option != .null else {
            if let found { return found }
            throw NetworkError.missingOption(file: path, option: "trainer.k")
        }
        guard let k = option.whole, k >= 1, found == nil || found == k else {
            throw NetworkError.invalidOption(
                file: path, option: "trainer.k", found: option.description,
                expected: found.map { "\($0), as in \(file.url.lastPathComponent)," } ?? "a whole number from 1")
        }
        return k
    }

    private func checkSizes(_ options: inout ConfigurationFile, count countName: String, width widthName: String) throws {
        for (name, size) in [(countName, count), (widthName, width)] {
            let found = options.value(name)
            guard found != .null, found != .integer(size) else { continue }
            throw NetworkError.invalidOption(
                file: options.file, option: name, found: found.description, expected: "\(size), as in \(file.url.lastPathComponent),")
        }
    }

    private func unsupported(_ path: String, _ option: String, _ found: String, _ supported: String) -> NetworkError {
        .unsupportedOption(file: path, option: option, found: found, supported: supported)
    }

    private static func described(_ note: WeightNote) -> String {
        switch note {
        case .boolean(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .text(let value): JSONValue.text(value).description
        }
    }
}
