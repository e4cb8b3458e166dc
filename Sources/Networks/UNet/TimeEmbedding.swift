import Foundation
import Tensors

/// Sines and cosines of the timestep, through a two-layer MLP.
///
/// Timesteps `[batch]` → `[batch, 4 · channels]`. Matches diffusers' `Timesteps` (cosines first) and `TimestepEmbedding`.
struct TimeEmbedding {
    let first, second: Linear
    let frequencies: Tensor
    let dataType: DataType

    init(_ weights: Weights, channels: Int, width: Int) throws {
        first = try Linear(weights["linear_1"], from: channels, to: width)
        second = try Linear(weights["linear_2"], from: width, to: width)
        let half = channels / 2
        frequencies = try (Tensor.range(half) * (-log(10000)) / Double(half)).exp().reshaped([1, half]).to(device: first.weight.device)
        dataType = try first.weight.dataType
    }

    func callAsFunction(_ timesteps: Tensor) throws -> Tensor {
        let angles = try timesteps.to(.float32).reshaped([-1, 1]) * frequencies
        let waves = try Tensor.concatenated([angles.cos(), angles.sin()], dimension: 1).to(dataType)
        return try second(first(waves).silu())
    }
}
