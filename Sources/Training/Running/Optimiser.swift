import Tensors

/// What moves a trainer's parameters: AdamW, and Muon for the hidden matrices of trainers that ask for it; and their running average.
///
/// An update is decided on the device, from numbers that lie there, so that it can be recorded: gradients longer than 1 together are shortened to
/// that, and one that is not finite changes nothing.
final class Optimiser {
    private typealias Named = (name: String, tensor: Tensor)

    private let flat: FlatParameters
    private let adamW: AdamW?
    private let muon: Muon?
    /// The numbers of AdamW's and of Muon's parameters among all.
    private let numbers: (adamW: Range<Int>, muon: Range<Int>)
    private let matrixRate: Double
    /// The averaged numbers of all parameters; nil where the trainer keeps none.
    private let averages: Tensor?
    /// The learning rate of the next update, which update it is, counted from 1, and how much of the averages it replaces: `[3]`.
    private let rates: Tensor
    /// One number: 1 as soon as a loss or a gradient was not finite, else 0. From then on nothing changes any more.
    private let isSpoilt: Tensor
    /// Everything that a checkpoint must hold besides the parameters, with unique names.
    let state: [(name: String, tensor: Tensor)]

    init(_ trainer: any Trainer) throws {
        matrixRate = trainer.matrixRate ?? 0
        let isMatrix = { (parameter: Named) in trainer.matrixRate != nil && Muon.suits(parameter.tensor) }
        let others = trainer.parameters.filter { !isMatrix($0) }
        // Muon treats those of one shape together where they stand next to each other.
        let matrices = trainer.parameters.filter(isMatrix).sorted { $0.tensor.shape.lexicographicallyPrecedes($1.tensor.shape) }
        let all = others + matrices
        flat = try FlatParameters(all.map(\.tensor))
        let parts = (adamW: 0..<others.count, muon: others.count..<all.count)
        numbers = (flat.numbers(of: parts.adamW), flat.numbers(of: parts.muon))
        adamW = try others.isEmpty ? nil : AdamW(flat.part(parts.adamW))
        muon = try matrices.isEmpty ? nil : Muon(flat.part(parts.muon))
        averages = try trainer.averaging == nil ? nil : flat.values.cloned()
        rates = try Tensor.zeros([3], device: flat.values.device)
        isSpoilt = try Tensor.zeros([], device: flat.values.device)
        let groups = [
            ("first", others, adamW?.firstMoments), ("second", others, adamW?.secondMoments), ("momentum", matrices, muon?.momenta),
            ("average", all, try averages.map(flat.views)),
        ]
        state = groups.flatMap { group, parameters, tensors in
            zip(parameters, tensors ?? []).map { (name: "\(group)/\($0.name)", tensor: $1) }
        }
    }

    /// Where the parameters are.
    var device: Device { flat.values.device }

    /// Sets how the next update goes.
    /// - Parameters:
    ///   - step: the number of updates done, on which AdamW's corrections depend.
    ///   - learningRate: how far it goes.
    ///   - kept: how much the averages keep of what they are.
    func prepare(step: Int, learningRate: Double, keeping kept: Double = 0) throws {
        try rates.assign(Tensor([Float(learningRate), Float(step + 1), Float(1 - kept)], shape: [3]))
    }

    /// Moves every parameter along its gradient and the averages after them, as `prepare` has set, and clears the gradients.
    /// - Returns: the loss, and 1 instead of 0 when it or the gradient, or one before, was not finite: `[2]`.
    func update(loss: Tensor) throws -> Tensor {
        let outcome = try Tensor.withoutGradients {
            let gradient = try flat.gradient()
            let norm = try gradient.norm()
            let isGood = try (norm + loss.reshaped([])).isFinite().to(.float32)
            try isSpoilt.assign(isSpoilt.maximum(isGood * -1 + 1))
            let shortened = try gradient / norm.maximum(Tensor.ones([], device: norm.device))
            let learningRate = try rate(0)
            if let adamW {
                let part = try shortened.narrowed(0, from: numbers.adamW.lowerBound, length: numbers.adamW.count)
                try adamW.update(learningRate: learningRate, step: rate(1), gradient: part, unless: isSpoilt)
            }
            if let muon {
                let part = try shortened.narrowed(0, from: numbers.muon.lowerBound, length: numbers.muon.count)
                try muon.update(learningRate: learningRate * matrixRate, gradient: part, unless: isSpoilt)
            }
            if let averages { try averages.move(towards: isSpoilt.choosing(averages, else: flat.values), by: rate(2)) }
            return try Tensor.concatenated([loss.reshaped([1]), isSpoilt.reshaped([1])], dimension: 0)
        }
        try flat.clearGradients()
        return outcome
    }

    private func rate(_ place: Int) throws -> Tensor { try rates.narrowed(0, from: place, length: 1).reshaped([]) }

    /// Runs `body`, whose updates change nothing.
    func withoutChanges<Result>(_ body: () throws -> Result) throws -> Result {
        let before = try isSpoilt.cloned()
        try isSpoilt.assign(Tensor.ones([]))
        let result = Swift.Result(catching: body)
        try isSpoilt.assign(before)
        return try result.get()
    }

    /// Whether every parameter is a number.
    func isFinite() throws -> Bool { try flat.values.isAllFinite() }

    /// Puts the averages, where they are kept, in place of the parameters.
    func useAverages() throws {
        if let averages { try flat.values.assign(averages) }
    }

    /// Runs `body` with the averages, where they are kept, in place of the parameters.
    func withAverages<Result>(_ body: () throws -> Result) throws -> Result {
        guard averages != nil else { return try body() }
        let current = try flat.values.cloned()
        try useAverages()
        let result = try body()
        try flat.values.assign(current)
        return result
    }
}
