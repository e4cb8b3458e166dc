import Networks
import Pictures
import Tensors

extension Picture {
    /// The samples as bytes `[1, 3, height, width]`.
    func byteTensor() throws -> Tensor {
        try Tensor(pixels, shape: [1, height, width, 3]).permuted([0, 3, 1, 2])
    }

    /// The samples in −1…1, `[1, 3, height, width]`: what the autoencoder takes.
    func signedTensor() throws -> Tensor {
        try byteTensor().to(.float32) / 127.5 - 1
    }

    /// A picture from `[1, 3, height, width]` in 0…1; values outside are clamped.
    init(unit tensor: Tensor) throws {
        // Bytes are a quarter of what would otherwise be brought from a device.
        let bytes = try (tensor.to(.float32).clamped(0, 1) * 255).rounded().to(.uint8).permuted([0, 2, 3, 1]).contiguous()
        try self.init(width: tensor.size(3), height: tensor.size(2), pixels: bytes.to(device: .cpu).bytes())
    }

    /// The square of the picture that the image tower sees, at its size: the shorter side resized, the centre cut out.
    func centreSquare(_ format: PixelNormalisation) throws -> Picture {
        let side = format.shorterSide ?? min(width, height)
        if format.isStretched { return try resized(width: side, height: side).centre(format.cropSide) }
        // transformers cuts the longer side's fraction off.
        let resized =
            width <= height
            ? try resized(width: side, height: max(side, side * height / width))
            : try resized(width: max(side, side * width / height), height: side)
        return try resized.centre(format.cropSide)
    }

    /// The square in the middle.
    private func centre(_ crop: Int) throws -> Picture {
        guard crop <= width, crop <= height else {
            throw SteeringError.mismatch(
                "The image processor cuts out \(crop) pixels of a picture that it makes only \(min(width, height)) pixels high.")
        }
        return try cropped(x: (width - crop) / 2, y: (height - crop) / 2, width: crop, height: crop)
    }
}
