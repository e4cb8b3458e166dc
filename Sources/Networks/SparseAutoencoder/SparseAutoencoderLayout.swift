import Tensors

/// Which of a file's tensors is which part of a sparse autoencoder.
struct SparseAutoencoderLayout: Equatable {
    /// A matrix and how it lies.
    enum Matrix: Equatable {
        /// One row per feature: `[count, width]`.
        case rows(String)
        /// One column per feature: `[width, count]`.
        case columns(String)

        var name: String {
            switch self {
            case .rows(let name), .columns(let name): name
            }
        }
    }

    /// Whose layout it is.
    enum Family: String {
        case own = "Fader"
        case saeLens = "SAELens"
        case dictionaryLearning = "dictionary_learning"
        case openAI = "OpenAI"
        case prisma = "ViT-Prisma"
        case overcomplete = "Overcomplete"
    }

    var family: Family
    /// Nil when it is the decoder's.
    var encoder: Matrix?
    var encoderBias: String?
    var decoder: Matrix
    var decoderBias: String?
    var threshold: String?
    /// Where a batch normalisation that follows the encoder is.
    var batchNorm: String?
    /// A factor for each direction.
    var featureScale: String?
    /// The logarithm of a factor for all directions.
    var logarithmicScale: String?
    /// What needs not be read.
    var unneeded: Set<String> = []

    static let own = SparseAutoencoderLayout(
        family: .own, encoder: .rows("encoder.weight"), encoderBias: "enc_bias", decoder: .columns("decoder.weight"),
        decoderBias: "dec_bias",
        threshold: "threshold")

    /// The layout of a file with tensors of these names; nil when it is none that Fader knows.
    init?(_ names: Set<String>) {
        guard let found = Self.found(names) else { return nil }
        self = found
    }

    private init(
        family: Family, encoder: Matrix?, encoderBias: String?, decoder: Matrix, decoderBias: String?, threshold: String? = nil,
        batchNorm: String? = nil, featureScale: String? = nil, logarithmicScale: String? = nil, unneeded: Set<String> = []
    ) {
        self.family = family
        self.encoder = encoder
        self.encoderBias = encoderBias
        self.decoder = decoder
        self.decoderBias = decoderBias
        self.threshold = threshold
        self.batchNorm = batchNorm
        self.featureScale = featureScale
        self.logarithmicScale = logarithmicScale
        self.unneeded = unneeded
    }

    private static func found(_ names: Set<String>) -> SparseAutoencoderLayout? {
        if names.contains("enc_bias") || names.contains("dec_bias") { return own }
        if names.contains("pre_bias") { return openAI(names) }
        if names.contains("dictionary._weights") { return overcomplete(names) }
        if names.contains("W_enc"), names.contains("W_dec") { return matrices(names) }
        if names.contains("encoder.weight"), names.contains("decoder.weight") { return dictionaryLearning(names) }
        return nil
    }

    /// `latents = activation(encoder(x − pre_bias) + latent_bias)`; github.com/openai/sparse_autoencoder, model.py.
    private static func openAI(_ names: Set<String>) -> SparseAutoencoderLayout {
        let tied = "decoder.linear.weight"
        return SparseAutoencoderLayout(
            family: .openAI, encoder: .rows("encoder.weight"), encoderBias: "latent_bias",
            decoder: names.contains(tied) ? .rows(tied) : .columns("decoder.weight"), decoderBias: "pre_bias",
            unneeded: ["stats_last_nonzero", "latents_activation_frequency", "latents_mean_square"])
    }

    /// SAELens's (saes/sae.py), ViT-Prisma's (sae/sae.py) and dictionary_learning's JumpReLU and Matryoshka names.
    private static func matrices(_ names: Set<String>) -> SparseAutoencoderLayout {
        let threshold = names.contains("topk_threshold") ? "topk_threshold" : "threshold"
        return SparseAutoencoderLayout(
            family: names.contains("group_sizes") ? .dictionaryLearning : .saeLens, encoder: .columns("W_enc"), encoderBias: "b_enc",
            decoder: .rows("W_dec"), decoderBias: "b_dec", threshold: threshold,
            featureScale: names.contains("scaling_factor") ? "scaling_factor" : nil, unneeded: ["k", "group_sizes"])
    }

    /// github.com/saprmarks/dictionary_learning, dictionary.py and trainers/top_k.py.
    private static func dictionaryLearning(_ names: Set<String>) -> SparseAutoencoderLayout {
        let bias = ["bias", "b_dec", "decoder.bias"].first(where: names.contains)
        return SparseAutoencoderLayout(
            family: .dictionaryLearning, encoder: .rows("encoder.weight"), encoderBias: "encoder.bias", decoder: .columns("decoder.weight"),
            decoderBias: bias ?? "b_dec", threshold: "threshold", unneeded: ["k"])
    }

    /// github.com/KempnerInstitute/overcomplete, sae/base.py, modules.py and dictionary.py: a linear encoder, with batch normalisation or
    /// without, or one that is tied to the dictionary.
    private static func overcomplete(_ names: Set<String>) -> SparseAutoencoderLayout {
        let block = "encoder.final_block"
        let linear = [block + ".0", "encoder"].first { names.contains($0 + ".weight") }
        let bias = [block + ".0.bias", "encoder.bias"].first(where: names.contains)
        return SparseAutoencoderLayout(
            family: .overcomplete, encoder: linear.map { .rows($0 + ".weight") }, encoderBias: bias, decoder: .rows("dictionary._weights"),
            decoderBias: nil, threshold: "thresholds", batchNorm: names.contains(block + ".1.running_mean") ? block + ".1" : nil,
            logarithmicScale: names.contains("dictionary.multiplier") ? "dictionary.multiplier" : nil,
            unneeded: [block + ".1.num_batches_tracked"])
    }

    /// The names that each family's files have, for a message.
    static let known = """
        encoder.weight, enc_bias, decoder.weight and dec_bias (Fader), W_enc, b_enc, W_dec and b_dec (SAELens, ViT-Prisma), encoder.weight, \
        encoder.bias, decoder.weight and bias or b_dec (dictionary_learning), encoder.weight, latent_bias, decoder.weight and pre_bias (OpenAI), \
        or encoder.final_block.0.weight and dictionary._weights (Overcomplete)
        """

    /// What other kinds of dictionaries their tensors give away.
    static func otherKind(_ names: Set<String>) -> String? {
        let gates: Set = ["b_gate", "r_mag", "b_mag", "gate_bias", "mag_bias"]
        if !names.isDisjoint(with: gates) { return "a gated autoencoder" }
        if names.contains("W_skip") || names.contains("W_dec_out") || names.contains("b_dec_out") { return "a transcoder" }
        if names.contains("dictionary.C") || names.contains("dictionary.Relax") { return "an archetypal autoencoder" }
        if names.contains(where: {
            $0.hasPrefix("encoder.mlp_blocks") || $0.hasPrefix("encoder.attention_blocks") || $0.hasPrefix("encoder.resnet")
        }) {
            return "an autoencoder whose encoder has several layers"
        }
        return nil
    }
}

/// The parameters of a sparse autoencoder as a file has them.
struct SparseAutoencoderParameters {
    /// `[count, width]`; nil when it is the decoder's.
    private let encoder: Tensor?
    private let encoderBias, decoderBias, threshold, featureScale, logarithmicScale: Tensor?
    /// `[count, width]`.
    private let decoder: Tensor
    /// Weight, bias, mean and variance.
    private let batchNorm: [Tensor]?
    private let count, width: Int

    /// PyTorch's usual one.
    private static let batchNormEpsilon = 1e-5

    /// - Throws: `NetworkError` when one is missing or misshapen, or the activation does not suit the sizes.
    init(_ weights: Weights, _ layout: SparseAutoencoderLayout, _ configuration: SparseAutoencoderConfiguration, count: Int, width: Int)
        throws
    {
        func matrix(_ matrix: SparseAutoencoderLayout.Matrix) throws -> Tensor {
            switch matrix {
            case .rows(let name): try weights.parameter(name, [count, width])
            case .columns(let name): try weights.parameter(name, [width, count]).transposed()
            }
        }
        func optional(_ name: String?, _ shape: [Int]) throws -> Tensor? { try name.map { try weights.parameter($0, shape) } }
        (self.count, self.width) = (count, width)
        threshold = try Self.threshold(weights, layout, configuration.activation, count: count)
        encoder = try layout.encoder.map(matrix)
        encoderBias = try optional(layout.encoderBias, [count])
        decoder = try matrix(layout.decoder)
        decoderBias = try optional(layout.decoderBias, [width])
        featureScale = configuration.appliesFeatureScale ? try optional(layout.featureScale, [count]) : nil
        logarithmicScale = try optional(layout.logarithmicScale, [])
        batchNorm = try layout.batchNorm.map { place in
            try ["weight", "bias", "running_mean", "running_var"].map { try weights.parameter("\(place).\($0)", [count]) }
        }
    }

    private static func threshold(
        _ weights: Weights, _ layout: SparseAutoencoderLayout, _ activation: SparseAutoencoder.Activation, count: Int
    ) throws -> Tensor? {
        switch activation {
        case .relu: return nil
        case .topK(let k):
            guard (1...count).contains(k) else {
                throw NetworkError.unsuitableInput("An autoencoder of \(count) features cannot keep the \(k) largest.")
            }
            return nil
        case .threshold(let shape):
            guard shape == [count] || shape == [1] || shape.isEmpty else {
                throw NetworkError.unsuitableInput(
                    "A threshold holds one number or one for each of \(count) features; this one is \(shape).")
            }
            return try weights.parameter(layout.threshold ?? "threshold", shape)
        }
    }

    /// The parameters in which every kind of autoencoder computes alike.
    struct Folded {
        var encoder, encoderBias, directions, decoderBias: Tensor
        var threshold: Tensor?
    }

    func folded(_ configuration: SparseAutoencoderConfiguration) throws -> Folded {
        let directions = try self.directions(configuration)
        let device = directions.device
        var folded = Folded(
            encoder: encoder ?? directions,
            encoderBias: try encoderBias ?? Tensor.zeros([count], type: directions.dataType, device: device), directions: directions,
            decoderBias: try decoderBias ?? Tensor.zeros([width], type: directions.dataType, device: device),
            threshold: try threshold.map { configuration.hasLogarithmicThreshold ? try $0.exp() : $0 })
        if let batchNorm {
            let factor = try batchNorm[0] / (batchNorm[3] + Self.batchNormEpsilon).squareRoot()
            folded.encoder = try folded.encoder * factor.reshaped([count, 1])
            folded.encoderBias = try (folded.encoderBias - batchNorm[2]) * factor + batchNorm[1]
        }
        if configuration.countsDecoderNorms {
            let norms = try directions.to(.float32).norm([1])
            let factor = try norms.to(directions.dataType)
            folded.encoder = try folded.encoder * factor.reshaped([count, 1])
            folded.encoderBias = try folded.encoderBias * factor
            folded.directions = try directions / factor.reshaped([count, 1])
            if configuration.scalesThreshold { folded.threshold = try folded.threshold.map { try $0 * factor } }
        }
        if configuration.inputScale != 1 {
            folded.encoder = try folded.encoder * configuration.inputScale
            folded.directions = try folded.directions / configuration.inputScale
            folded.decoderBias = try folded.decoderBias / configuration.inputScale
        }
        return folded
    }

    private func directions(_ configuration: SparseAutoencoderConfiguration) throws -> Tensor {
        var rows = try configuration.dictionaryNormalisation?(decoder) ?? decoder
        if let logarithmicScale { rows = try rows * logarithmicScale.exp() }
        if let featureScale { rows = try rows * featureScale.reshaped([count, 1]) }
        return try rows.contiguous()
    }
}
