import Networks
import Tensors

/// Predicts the noise in latents at a timestep.
public typealias NoisePredictor = (_ latents: Tensor, _ timestep: Int) throws -> Tensor

/// Deterministic sampling and its inverse (Song, Meng & Ermon, "Denoising Diffusion Implicit Models", 2021).
///
/// Matches diffusers' `DDIMScheduler` with η = 0 and `DDIMInverseScheduler`.
public struct DDIM: Sendable {
    public let schedule: NoiseSchedule
    public let steps: Int

    /// - Throws: when `steps` does not lie between 1 and the number of training timesteps.
    public init(_ schedule: NoiseSchedule, steps: Int) throws {
        _ = try schedule.stride(steps)
        self.schedule = schedule
        self.steps = steps
    }

    /// One step of a trajectory.
    public struct Step {
        /// Counted from 0.
        public let index: Int
        public let count: Int
        /// The latents after the step.
        public let latents: Tensor
        /// What the model takes the clean latents to be: enough for a preview.
        public let predictedClean: Tensor
    }

    /// From noise `[batch, channels, height, width]` to clean latents, one step per element.
    public func denoising(_ latents: Tensor, with predictNoise: @escaping NoisePredictor) throws -> Trajectory {
        Trajectory(moves: try samplingMoves(), latents: latents, clipRange: schedule.clipRange, predictNoise: predictNoise)
    }

    /// From the highest noise level down.
    func samplingMoves() throws -> [Move] {
        let stride = try schedule.stride(steps)
        return try schedule.timesteps(steps).reversed().map { timestep in
            Move(timestep: timestep, from: schedule.alphaCumprod(at: timestep), to: schedule.alphaCumprod(at: timestep - stride))
        }
    }

    /// From clean latents to the noise that DDIM takes back to them, approximately: each step uses the noise predicted where it goes to.
    public func inverting(_ latents: Tensor, with predictNoise: @escaping NoisePredictor) throws -> Trajectory {
        let stride = try schedule.stride(steps)
        let moves = try schedule.timesteps(steps).map { timestep in
            Move(timestep: timestep, from: schedule.alphaCumprod(at: timestep - stride), to: schedule.alphaCumprod(at: timestep))
        }
        return Trajectory(moves: moves, latents: latents, clipRange: schedule.clipRange, predictNoise: predictNoise)
    }
}

/// A change of noise level with the noise predicted at one timestep.
struct Move {
    let timestep: Int
    /// ᾱ before and after.
    let from, to: Double

    /// The latents at the new level, and what they are taken to be without noise.
    func callAsFunction(_ latents: Tensor, noise: Tensor, clipRange: Double?) throws -> (latents: Tensor, clean: Tensor) {
        var clean = try (latents - noise * Self.root(1 - from)) / Self.root(from)
        if let clipRange { clean = try clean.clamped(-clipRange, clipRange) }
        return (try clean * Self.root(to) + noise * Self.root(1 - to), clean)
    }

    /// Rounded to float32 before and after, as diffusers does.
    private static func root(_ value: Double) -> Double { Double(Float(value).squareRoot()) }
}

/// The steps of a sampling run, each computed when it is asked for; it ends early when the noise cannot be predicted, and `error` says why.
public final class Trajectory: Sequence, IteratorProtocol {
    /// Latents that a step is measured by: it ends as far from `target` as the move alone ends from `stepped`.
    struct Anchor {
        let target, stepped: Tensor
    }

    private let moves: [Move]
    private let clipRange: Double?
    private let anchors: [Anchor]
    private let predictNoise: NoisePredictor
    private var index = 0
    /// The latents so far.
    public private(set) var latents: Tensor
    public private(set) var error: (any Error)?

    /// - Parameter anchors: one for each move, or none.
    init(moves: [Move], latents: Tensor, clipRange: Double?, anchors: [Anchor] = [], predictNoise: @escaping NoisePredictor) {
        self.moves = moves
        self.latents = latents
        self.clipRange = clipRange
        self.anchors = anchors
        self.predictNoise = predictNoise
    }

    /// The number of steps from start to end.
    public var count: Int { moves.count }

    public func next() -> DDIM.Step? {
        guard index < moves.count, error == nil else { return nil }
        do {
            let move = moves[index]
            let (moved, clean) = try move(latents, noise: predictNoise(latents, move.timestep), clipRange: clipRange)
            latents = try anchors.isEmpty ? moved : anchors[index].target + (moved - anchors[index].stepped)
            defer { index += 1 }
            return DDIM.Step(index: index, count: moves.count, latents: latents, predictedClean: clean)
        } catch {
            self.error = error
            return nil
        }
    }

    /// The next step; nil when all are done.
    /// - Throws: what predicting the noise threw.
    public func advance() throws -> DDIM.Step? {
        if let step = next() { return step }
        if let error { throw error }
        return nil
    }

    /// Runs all remaining steps and returns the last latents.
    /// - Throws: what predicting the noise threw, or what `each` throws, for instance to stop.
    public func finish(_ each: (DDIM.Step) throws -> Void = { _ in }) throws -> Tensor {
        while let step = try advance() { try each(step) }
        return latents
    }
}
