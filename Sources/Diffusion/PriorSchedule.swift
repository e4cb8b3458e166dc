import Foundation
import Networks

/// The noise levels of the prior, as its `scheduler_config.json` gives them. Matches diffusers' `UnCLIPScheduler`, rounding included.
public struct PriorSchedule: Sendable, Equatable {
    /// β at each training timestep: how much of the signal it takes away.
    let betas: [Float]
    /// ᾱ at each training timestep: how much of the signal is left.
    let alphasCumprod: [Float]
    /// Predicted clean embeddings are clamped to ± this, when it is there.
    public let clipRange: Double?
    /// Whether the network predicts the noise rather than the clean embedding.
    public let predictsNoise: Bool

    public init(timesteps: Int = 1000, clipRange: Double? = 10, predictsNoise: Bool = false) {
        func level(_ time: Double) -> Double { pow(cos((time + 0.008) / 1.008 * .pi / 2), 2) }
        betas = (0..<timesteps).map { index in
            Float(min(1 - level(Double(index + 1) / Double(timesteps)) / level(Double(index) / Double(timesteps)), 0.999))
        }
        var left = 1.0
        alphasCumprod = betas.map { beta in
            left *= Double(1 - beta)
            return Float(left)
        }
        self.clipRange = clipRange
        self.predictsNoise = predictsNoise
    }

    /// - Throws: `NetworkError` for an option that is missing, out of range, or not supported.
    public init(contentsOf url: URL) throws {
        var options = try ConfigurationFile(contentsOf: url)
        try options.require("_class_name", .text("UnCLIPScheduler"))
        try options.require("beta_schedule", .text("squaredcos_cap_v2"))
        try options.require("variance_type", .text("fixed_small_log"))
        try options.require("prediction_type", .text("sample"), .text("epsilon"))
        let prediction = try options.text("prediction_type", default: "epsilon")
        let clips = try options.boolean("clip_sample", default: true)
        let range = try options.number("clip_sample_range", default: 1)
        self.init(
            timesteps: try options.integer("num_train_timesteps", default: 1000, in: 2...100_000), clipRange: clips ? range : nil,
            predictsNoise: prediction == "epsilon")
        try options.finish()
    }

    /// The steps from noise to a clean embedding.
    /// - Throws: when `count` does not lie between 2 and the number of training timesteps.
    func steps(_ count: Int) throws -> [Step] {
        guard (2...alphasCumprod.count).contains(count) else {
            throw NetworkError.unsuitableInput("The prior's number of steps must lie between 2 and \(alphasCumprod.count), not \(count).")
        }
        let stride = Double(alphasCumprod.count - 1) / Double(count - 1)
        let timesteps = (0..<count).map { Int((Double($0) * stride).rounded(.toNearestOrEven)) }
        return timesteps.indices.reversed().map { step(at: timesteps[$0], next: $0 > 0 ? timesteps[$0 - 1] : -1) }
    }

    /// One step's weights: `x ← clean·x̂ + current·x + noise·ε`, the posterior of Ho, Jain & Abbeel,
    /// "Denoising Diffusion Probabilistic Models" (2020), formula 7.
    struct Step {
        let timestep: Int
        let clean, current, noise: Double
        /// √ᾱ and √(1 − ᾱ) before the step.
        let signalRoot, noiseRoot: Double
    }

    private func step(at timestep: Int, next: Int) -> Step {
        let (here, there) = (alphasCumprod[timestep], next >= 0 ? alphasCumprod[next] : 1)
        let isSingle = next == timestep - 1
        let beta = isSingle ? betas[timestep] : 1 - here / there
        let kept = 1 - beta
        let variance = max((1 - there) / (1 - here) * beta, 1e-20)
        return Step(
            timestep: timestep, clean: Double(there.squareRoot() * beta / (1 - here)),
            current: Double(kept.squareRoot() * (1 - there) / (1 - here)),
            noise: timestep > 0 ? Double(exp(0.5 * log(variance))) : 0, signalRoot: Double(here.squareRoot()),
            noiseRoot: Double((1 - here).squareRoot()))
    }
}
