import Networks
import Tensors

/// The trajectory of a picture's latents from clean to noise, with the noise predicted at each step: sampling that follows it comes back exactly.
///
/// DDIM's inverse is not quite one: a step down is not made with the noise with which the step up was made, and the differences add up. Sampling that
/// knows the way needs no exact inverse. Each step sets `xₜ₋₁ = pₜ₋₁ + (step(xₜ, ε′) − step(pₜ, ε))`, where p is the path, ε what the model
/// predicts there for the picture's own embedding, and ε′ what it predicts now. With nothing edited the difference is zero to the bit, in any
/// precision and at any guidance; with an edit it is the edit's effect and nothing else. This is the correction of Ju et al., "Direct Inversion:
/// Boosting Diffusion-based Editing with 3 Lines of Code" (2023).
///
/// There the corrections cost calls of their own. Here the path goes up as Dhariwal & Nichol ("Diffusion Models Beat GANs on Image Synthesis", 2021)
/// do, with the noise predicted where a step begins: at the very latents from which sampling steps down, so that one prediction serves both.
/// Latents are not clamped on the way up, whatever the schedule says: a clamped path would be one to another picture.
public final class InversionPath {
    /// The latents at one noise level, and the noise that the model predicts in them.
    struct Place {
        let timestep: Int
        let latents: Tensor
        let noise: Tensor
    }

    /// `[batch, channels, height, width]`.
    public let clean: Tensor
    private let schedule: NoiseSchedule
    private let firstAlpha: Double
    /// The timesteps of all places, ascending.
    private var timesteps: [Int]
    private(set) var places: [Place] = []

    /// A path for a number of sampling steps; no place of it is computed yet.
    /// - Parameters:
    ///   - clean: the picture's latents, `[batch, channels, height, width]`.
    ///   - ddim: the sampling that will follow the path.
    ///   - inversionSteps: about how many places it has from one end of the schedule to the other, if sampling has fewer steps.
    public init(_ clean: Tensor, for ddim: DDIM, inversionSteps: Int) throws {
        self.clean = clean
        schedule = ddim.schedule
        firstAlpha = try ddim.alphaBelowFirstTimestep()
        timesteps = try ddim.pathTimesteps(inversionSteps)
    }

    /// How many places are still to be computed, one prediction each.
    public var missingCount: Int { timesteps.count - places.count }

    /// How many of them sampling needs for which the path was made or extended, where it has been extended for others as well.
    public func missingCount(for ddim: DDIM, inversionSteps: Int) throws -> Int {
        max(0, try ddim.pathTimesteps(inversionSteps).count - places.count)
    }

    /// Lets the path serve another number of sampling steps as well, where one is the beginning of the other; false where it is not.
    public func extend(for ddim: DDIM, inversionSteps: Int) throws -> Bool {
        let wanted = try ddim.pathTimesteps(inversionSteps)
        guard try ddim.schedule == schedule && ddim.alphaBelowFirstTimestep() == firstAlpha else { return false }
        guard zip(timesteps, wanted).allSatisfy({ $0 == $1 }) else { return false }
        if wanted.count > timesteps.count { timesteps = wanted }
        return true
    }

    /// Whether all places of a path for these sampling steps are computed.
    public func covers(_ ddim: DDIM, inversionSteps: Int) throws -> Bool {
        let wanted = try ddim.pathTimesteps(inversionSteps)
        guard try ddim.schedule == schedule && ddim.alphaBelowFirstTimestep() == firstAlpha else { return false }
        return wanted.count <= places.count && zip(timesteps, wanted).allSatisfy { $0 == $1 }
    }

    /// Computes the next place; what is computed stays when a later one fails.
    public func advance(with predictNoise: NoisePredictor) throws {
        guard missingCount > 0 else { return }
        let timestep = timesteps[places.count]
        let latents = try next(timestep, with: predictNoise)
        places.append(Place(timestep: timestep, latents: latents, noise: try predictNoise(latents, timestep)))
    }

    private func next(_ timestep: Int, with predictNoise: NoisePredictor) throws -> Tensor {
        let level = schedule.alphaCumprod(at: timestep)
        guard let last = places.last else {
            // Below the first timestep the model knows no level: its prediction there is the nearest.
            let move = Move(timestep: timestep, from: firstAlpha, to: level)
            return try move(clean, noise: predictNoise(clean, timestep), clipRange: nil).latents
        }
        let move = Move(timestep: timestep, from: schedule.alphaCumprod(at: last.timestep), to: level)
        return try move(last.latents, noise: last.noise, clipRange: nil).latents
    }
}

extension DDIM {
    /// From where `path` is at the first timestep of sampling, one step per element, along the path and back to its clean latents.
    /// - Parameters:
    ///   - path: a complete path that was made for these steps.
    ///   - noise: what the model predicts at the path's places of sampling, highest first, when it is not what made the path: under guidance.
    ///   - rows: which of the path's pictures each of the batch follows (int64), when it is not each its own.
    ///   - predictNoise: the model, given the edited embedding.
    /// - Throws: `NetworkError.unsuitableInput` when the path was made for other steps or is not complete.
    public func retracing(
        _ path: InversionPath, noise: [Tensor]? = nil, rows: Tensor? = nil, with predictNoise: @escaping NoisePredictor
    ) throws -> Trajectory {
        func followed(_ tensor: Tensor) throws -> Tensor { try rows.map { try tensor.selecting($0) } ?? tensor }
        let places = try places(of: path)
        guard let start = places.first, noise.map({ $0.count == steps }) ?? true else {
            throw NetworkError.unsuitableInput("The noise along the path is for another number of steps than \(steps).")
        }
        let moves = try samplingMoves()
        let anchors = try moves.indices.map { index in
            let target = index + 1 < steps ? places[index + 1].latents : path.clean
            let known = noise?[index] ?? places[index].noise
            let stepped = try moves[index](places[index].latents, noise: known, clipRange: schedule.clipRange).latents
            return Trajectory.Anchor(target: try followed(target), stepped: try followed(stepped))
        }
        return Trajectory(
            moves: moves, latents: try followed(start.latents), clipRange: schedule.clipRange, anchors: anchors, predictNoise: predictNoise)
    }

    /// The path's latents at each timestep of sampling, highest first.
    public func latents(on path: InversionPath) throws -> [(timestep: Int, latents: Tensor)] {
        try places(of: path).map { ($0.timestep, $0.latents) }
    }

    private func places(of path: InversionPath) throws -> [InversionPath.Place] {
        let known = Dictionary(path.places.map { ($0.timestep, $0) }, uniquingKeysWith: { first, _ in first })
        return try schedule.timesteps(steps).reversed().map { timestep in
            guard let place = known[timestep] else {
                throw NetworkError.unsuitableInput("The path does not pass timestep \(timestep), where sampling in \(steps) steps does.")
            }
            return place
        }
    }

    /// Every timestep of sampling, ascending, and between two of them as many others as make about `inversionSteps` over the whole schedule.
    func pathTimesteps(_ inversionSteps: Int) throws -> [Int] {
        let sampled = Set(try schedule.timesteps(steps)).sorted()
        let parts = max(1, Int((Double(inversionSteps) / Double(steps)).rounded()))
        return zip(sampled, sampled.dropFirst()).flatMap { low, high in
            let parts = min(parts, high - low)
            return (0..<parts).map { low + (high - low) * $0 / parts }
        } + sampled.suffix(1)
    }

    /// ᾱ of the latents where sampling ends.
    func alphaBelowFirstTimestep() throws -> Double { schedule.alphaCumprod(at: try schedule.timesteps(steps)[0] - schedule.stride(steps)) }
}
