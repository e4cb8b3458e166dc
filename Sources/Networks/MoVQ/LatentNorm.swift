import Tensors

/// A normalisation inside MoVQ: plain in the encoder, scaled and shifted by the latent at each place in the decoder.
enum LatentNorm {
    case plain(GroupNorm)
    case spatial(SpatialNorm)

    /// - Parameter latentChannels: nil for the encoder.
    init(_ weights: Weights, channels: Int, groups: Int, latentChannels: Int?) throws {
        if let latentChannels {
            self = .spatial(try SpatialNorm(weights, channels: channels, latentChannels: latentChannels))
        } else {
            self = .plain(try GroupNorm(weights, channels: channels, groups: groups, epsilon: 1e-6))
        }
    }

    /// - Parameters:
    ///   - added: what is added to each channel before the normalisation, `[channels]`.
    ///   - activated: whether x · sigmoid(x) comes last.
    func callAsFunction(_ x: Tensor, adding added: Tensor? = nil, _ latent: Tensor?, activated: Bool = false) throws -> Tensor {
        switch self {
        case .plain(let norm): return try norm(x, adding: added, activated: activated)
        case .spatial(let norm):
            guard let latent else { throw NetworkError.unsuitableInput("A spatial normalisation needs the latent.") }
            return try norm(x, adding: added, latent, activated: activated)
        }
    }
}

/// `norm(x) · y(latent) + b(latent)`, with y and b 1×1 convolutions of the latent at the size of `x`.
///
/// Matches diffusers' `SpatialNorm` (Zheng et al., "MoVQ", 2022).
struct SpatialNorm {
    let norm: GroupNorm
    let scale, shift: Convolution

    init(_ weights: Weights, channels: Int, latentChannels: Int) throws {
        norm = try GroupNorm(weights["norm_layer"], channels: channels, groups: 32, epsilon: 1e-6)
        scale = try Convolution(weights["conv_y"], from: latentChannels, to: channels, size: 1)
        shift = try Convolution(weights["conv_b"], from: latentChannels, to: channels, size: 1)
    }

    func callAsFunction(_ x: Tensor, adding added: Tensor?, _ latent: Tensor, activated: Bool) throws -> Tensor {
        // The latent is resized after the 1×1 convolution, not before: they commute, and the small side is up to 64 times cheaper.
        try norm(x, adding: added, modulatedBy: (scale: scale(latent), shift: shift(latent)), activated: activated)
    }
}
