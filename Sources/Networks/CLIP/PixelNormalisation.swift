import Foundation
import Tensors

/// How a picture becomes the image tower's input, as `preprocessor_config.json` says: the shorter side resized, the centre cropped,
/// the values scaled to [0, 1] and normalised per channel. Matches transformers' `CLIPImageProcessor`.
public struct PixelNormalisation: Sendable, Equatable {
    /// The length of the shorter side after resizing, in pixels; nil leaves the picture as it is.
    public var shorterSide: Int?
    /// The side of the square cut from the centre, in pixels.
    public var cropSide: Int
    public var mean, deviation: [Double]

    public init(side: Int, mean: [Double], deviation: [Double]) {
        shorterSide = side
        cropSide = side
        self.mean = mean
        self.deviation = deviation
    }

    public init(contentsOf url: URL) throws {
        var options = try Configuration(contentsOf: url)
        shorterSide = try options.boolean("do_resize", default: true) ? Self.side(&options, "size", "shortest_edge") : nil
        cropSide = try Self.side(&options, "crop_size", "height")
        mean = try options.numbers("image_mean", count: 3)
        deviation = try options.numbers("image_std", count: 3)
        try options.require("do_center_crop", .boolean(true))
        try options.require("do_normalize", .boolean(true))
        try options.require("do_rescale", .boolean(true))
        try options.require("resample", .number(3))
        options.disregard(
            "rescale_factor", "do_convert_rgb", "feature_extractor_type", "image_processor_type", "size", "crop_size", "processor_class")
        try options.finish()
    }

    /// Both `224` and `{"shortest_edge": 224}` are in use.
    private static func side(_ options: inout Configuration, _ name: String, _ key: String) throws -> Int {
        guard case .object(let sizes) = options.value(name) else { return try options.integer(name) }
        guard case .number(let side)? = sizes[key], let integer = Int(exactly: side), (1...10_000).contains(integer) else {
            throw NetworkError.missingOption(file: options.file, option: "\(name).\(key)")
        }
        return integer
    }

    /// Bytes `[batch, 3, side, side]` → normalised float32 of the same shape.
    public func callAsFunction(_ bytes: Tensor) throws -> Tensor {
        let mean = try Tensor(mean.map(Float.init), shape: [1, 3, 1, 1])
        let deviation = try Tensor(deviation.map(Float.init), shape: [1, 3, 1, 1])
        // Scaled in double and rounded once, as transformers does.
        return try ((bytes.to(.float64) * (1.0 / 255)).to(.float32) - mean) / deviation
    }
}
