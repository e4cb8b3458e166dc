import Foundation
import Tensors

/// The scale and shift that the time gives a residual block, `[batch, channels, 1, 1]` each.
typealias TimeModulation = (scale: Tensor, shift: Tensor)

/// What every residual block makes of the activated time embedding `[batch, width]`, in the order of their slots.
struct TimeProjections {
    private enum Form {
        case apart([Linear])
        /// In one product, side by side, and what is then added, which is 1 for scales: what GPUs do faster.
        case joined(Linear, offsets: Tensor)
    }

    private let form: Form
    /// The channels of each block.
    private let channels: [Int]

    /// - Parameter isForGPU: how layers are arranged; see `ParameterSource`.
    init(_ projections: [Linear], isForGPU: Bool) throws {
        channels = projections.map { $0.weight.size(0) / 2 }
        if let weight = projections.first?.weight, isForGPU {
            let offsets = channels.flatMap { Array(repeating: Float(1), count: $0) + Array(repeating: 0, count: $0) }
            form = .joined(
                try Linear(joining: projections),
                offsets: try Tensor(offsets, shape: [offsets.count]).to(weight.dataType, device: weight.device))
        } else {
            form = .apart(projections)
        }
    }

    func callAsFunction(_ time: Tensor) throws -> [TimeModulation] {
        switch form {
        case .apart(let projections):
            return try projections.map { projection in
                let halves = try projection(time).split(2, dimension: 1).map(Self.asPlace)
                return (scale: try halves[0] + 1, shift: halves[1])
            }
        case .joined(let projection, let offsets):
            let all = try projection(time) + offsets
            var start = 0
            return try channels.map { count in
                defer { start += 2 * count }
                return (
                    scale: try Self.asPlace(all.narrowed(1, from: start, length: count)),
                    shift: try Self.asPlace(all.narrowed(1, from: start + count, length: count))
                )
            }
        }
    }

    /// `[batch, channels]` → `[batch, channels, 1, 1]`.
    private static func asPlace(_ x: Tensor) throws -> Tensor { try x.reshaped([x.size(0), x.size(1), 1, 1]) }
}

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
