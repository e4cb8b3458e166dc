import Foundation

/// The sizes of a CLIP image tower, as `image_encoder/config.json` gives them.
public struct ImageTowerConfiguration: NetworkConfiguration, Equatable {
    public var imageSize, patchSize, width, hidden, layers, heads, projection: Int
    public var epsilon: Double
    public var activation: Activation

    public init(
        imageSize: Int, patchSize: Int, width: Int, hidden: Int, layers: Int, heads: Int, projection: Int, epsilon: Double = 1e-5,
        activation: Activation = .gelu
    ) {
        self.imageSize = imageSize
        self.patchSize = patchSize
        self.width = width
        self.hidden = hidden
        self.layers = layers
        self.heads = heads
        self.projection = projection
        self.epsilon = epsilon
        self.activation = activation
    }

    /// - Throws: `NetworkError` for an option that is missing, out of range, or not supported.
    public init(contentsOf url: URL) throws {
        var options = try ConfigurationFile(contentsOf: url)
        try options.require("model_type", .text("clip_vision_model"))
        try options.require("num_channels", .integer(3))
        imageSize = try options.integer("image_size")
        patchSize = try options.integer("patch_size")
        let tower = try TowerOptions(&options)
        (width, hidden, layers, heads) = (tower.width, tower.hidden, tower.layers, tower.heads)
        (projection, epsilon, activation) = (tower.projection, tower.epsilon, tower.activation)
        try options.finish()
        guard patchSize <= imageSize else {
            throw NetworkError.invalidOption(
                file: url.path, option: "patch_size", found: String(patchSize), expected: "no more than the pictures' \(imageSize)")
        }
    }

    var patchesPerSide: Int { imageSize / patchSize }

    var transformer: TransformerLayer.Sizes {
        TransformerLayer.Sizes(width: width, hidden: hidden, heads: heads, epsilon: epsilon, activation: activation, causal: false)
    }
}
