import Foundation
import Tensors

/// How a picture becomes the image tower's input, as `preprocessor_config.json` says: the shorter side resized, the centre cropped,
/// the values scaled to [0, 1] and normalised per channel. Matches transformers' `CLIPImageProcessor` and its fast twin.
public struct PixelNormalisation: Sendable, Equatable {
    /// The length of the shorter side after resizing, in pixels; nil leaves the picture as it is.
    public var shorterSide: Int?
    /// Whether the picture is resized to a square of the side `shorterSide`, whatever its proportions.
    public var isStretched = false
    /// The side of the square cut from the centre, in pixels.
    public var cropSide: Int
    public var mean, deviation: [Double]
    /// What bytes are multiplied by.
    public var factor = 1.0 / 255

    public init(side: Int, mean: [Double], deviation: [Double]) {
        shorterSide = side
        cropSide = side
        self.mean = mean
        self.deviation = deviation
    }

    public init(contentsOf url: URL) throws {
        var options = try ConfigurationFile(contentsOf: url)
        let isSquare = try options.boolean("default_to_square", default: false)
        let size = try options.boolean("do_resize", default: true) ? Self.side(&options, "size", isSquare) : nil
        shorterSide = size?.side
        isStretched = size?.isSquare ?? false
        if try options.boolean("do_center_crop", default: true) {
            cropSide = try Self.side(&options, "crop_size", true).side
        } else if let size, size.isSquare {
            cropSide = size.side
        } else {
            throw NetworkError.unsupportedOption(
                file: options.file, option: "do_center_crop", found: "false", supported: "true, or size has a height and a width")
        }
        if try options.boolean("do_normalize", default: true) {
            mean = try options.numbers("image_mean", count: 3)
            deviation = try options.numbers("image_std", count: 3)
        } else {
            (mean, deviation) = ([0, 0, 0], [1, 1, 1])
        }
        guard deviation.allSatisfy({ $0 > 0 }) else {
            throw NetworkError.invalidOption(
                file: options.file, option: "image_std", found: options.value("image_std").description, expected: "numbers above 0")
        }
        factor = try options.boolean("do_rescale", default: true) ? options.number("rescale_factor", default: 1.0 / 255) : 1
        try options.require("resample", .integer(3))
        try options.require("do_pad", .boolean(false))
        try options.require("data_format", .text("channels_first"))
        options.disregard(
            "rescale_factor", "do_convert_rgb", "feature_extractor_type", "image_processor_type", "size", "crop_size", "processor_class",
            "image_mean", "image_std", "device", "disable_grouping", "input_data_format", "return_tensors", "pad_size",
            "use_square_size", "image_seq_length", "size_divisor", "antialias", "_valid_processor_keys")
        try options.finish()
    }

    /// `224`, `{"shortest_edge": 224}` and `{"height": 224, "width": 224}` are in use; the second is a shorter side, the last a square.
    /// - Parameter isSquare: what a number alone means.
    private static func side(_ options: inout ConfigurationFile, _ name: String, _ isSquare: Bool) throws -> (side: Int, isSquare: Bool) {
        guard case .object(let sizes) = options.value(name) else { return (try options.integer(name, in: 1...10_000), isSquare) }
        func number(_ key: String) throws -> Int? {
            guard let found = sizes[key], found != .null else { return nil }
            guard let integer = found.whole, (1...10_000).contains(integer) else {
                throw NetworkError.invalidOption(
                    file: options.file, option: "\(name).\(key)", found: found.description, expected: "a whole number from 1 to 10000")
            }
            return integer
        }
        let unknown = sizes.filter { !["shortest_edge", "height", "width"].contains($0.key) && $0.value != .null }.keys.sorted()
        if let first = unknown.first {
            throw NetworkError.unsupportedOption(
                file: options.file, option: "\(name).\(first)", found: "given",
                supported: "absent: shortest_edge, or height and width, are read")
        }
        if let edge = try number("shortest_edge") { return (edge, false) }
        guard let height = try number("height") else { throw NetworkError.missingOption(file: options.file, option: "\(name).height") }
        guard let width = try number("width") else { throw NetworkError.missingOption(file: options.file, option: "\(name).width") }
        guard height == width else {
            throw NetworkError.unsupportedOption(
                file: options.file, option: name, found: "\(width) × \(height)", supported: "as wide as it is high")
        }
        return (height, true)
    }

    /// Bytes `[batch, 3, side, side]` → normalised float32 of the same shape.
    public func callAsFunction(_ bytes: Tensor) throws -> Tensor {
        let mean = try Tensor(mean.map(Float.init), shape: [1, 3, 1, 1], device: bytes.device)
        let deviation = try Tensor(deviation.map(Float.init), shape: [1, 3, 1, 1], device: bytes.device)
        // Scaled in double and rounded once, as transformers does.
        return try ((bytes.to(.float64) * factor).to(.float32) - mean) / deviation
    }
}
