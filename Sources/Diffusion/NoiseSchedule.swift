import Foundation
import Networks

/// The noise levels of a diffusion model, as `scheduler_config.json` gives them, rounded as diffusers rounds them.
public struct NoiseSchedule: Sendable, Equatable {
    /// ᾱ at each training timestep: how much of the picture is left.
    public let alphasCumprod: [Double]
    public let stepsOffset: Int
    /// Predicted clean latents are clamped to ± this, when it is there.
    public let clipRange: Double?
    /// Whether sampling ends at ᾱ = 1 rather than at the first training timestep's.
    public let endsClean: Bool

    public init(
        timesteps: Int = 1000, betaStart: Double = 0.00085, betaEnd: Double = 0.012, stepsOffset: Int = 1, clipRange: Double?,
        endsClean: Bool = false
    ) {
        alphasCumprod = Self.alphasCumprod(timesteps: timesteps, betaStart: Float(betaStart), betaEnd: Float(betaEnd))
        self.stepsOffset = stepsOffset
        self.clipRange = clipRange
        self.endsClean = endsClean
    }

    /// ᾱ as diffusers computes it: betas spaced and subtracted in float32, their products in double, each rounded to float32.
    ///
    /// Rounding as diffusers does matters: forty steps of inversion multiply a difference in the table twentyfold.
    private static func alphasCumprod(timesteps: Int, betaStart: Float, betaEnd: Float) -> [Double] {
        let step = (betaEnd - betaStart) / Float(max(timesteps - 1, 1))
        var left = 1.0
        return (0..<timesteps).map { index in
            // torch.linspace counts from the nearer end, with fused multiplication.
            let beta =
                index < timesteps / 2
                ? betaStart.addingProduct(step, Float(index)) : betaEnd.addingProduct(-step, Float(timesteps - 1 - index))
            left *= Double(1 - beta)
            return Double(Float(left))
        }
    }

    /// - Throws: `NetworkError` for an option that is missing, out of range, or not supported.
    public init(contentsOf url: URL) throws {
        var options = try ConfigurationFile(contentsOf: url)
        try options.require("beta_schedule", .text("linear"))
        try options.require("prediction_type", .text("epsilon"))
        try options.require("timestep_spacing", .text("leading"))
        try options.require("thresholding", .boolean(false))
        try options.require("rescale_betas_zero_snr", .boolean(false))
        try options.require("trained_betas")
        try options.require("variance_type", .text("fixed_small"), .text("fixed_small_log"), .text("fixed_large"))
        let clips = try options.boolean("clip_sample", default: true)
        let range = try options.number("clip_sample_range", default: 1)
        let betas = (try options.number("beta_start"), try options.number("beta_end"))
        guard betas.0 > 0, betas.1 >= betas.0, betas.1 < 1 else {
            throw NetworkError.invalidOption(
                file: options.file, option: "beta_end", found: String(betas.1), expected: "a number from beta_start to below 1")
        }
        self.init(
            timesteps: try options.integer("num_train_timesteps", default: 1000), betaStart: betas.0, betaEnd: betas.1,
            stepsOffset: try options.integer("steps_offset", default: 0, in: 0...1000), clipRange: clips ? range : nil,
            endsClean: try options.boolean("set_alpha_to_one", default: true))
        options.disregard("dynamic_thresholding_ratio", "sample_max_value", "clip_sample_range")
        try options.finish()
    }

    /// ᾱ at a timestep, which may lie below zero: the end of sampling, the start of inversion.
    func alphaCumprod(at timestep: Int) -> Double {
        timestep >= 0 ? alphasCumprod[min(timestep, alphasCumprod.count - 1)] : (endsClean ? 1 : alphasCumprod[0])
    }

    /// The gap between two sampling steps in training timesteps.
    func stride(_ steps: Int) throws -> Int {
        guard (1...alphasCumprod.count).contains(steps) else {
            throw NetworkError.unsuitableInput("The number of steps must lie between 1 and \(alphasCumprod.count), not \(steps).")
        }
        return alphasCumprod.count / steps
    }

    /// The timesteps at which noise is predicted, ascending: 1, 51, … 951 for 20 steps.
    func timesteps(_ steps: Int) throws -> [Int] {
        let stride = try stride(steps)
        return (0..<steps).map { min($0 * stride + stepsOffset, alphasCumprod.count - 1) }
    }
}
