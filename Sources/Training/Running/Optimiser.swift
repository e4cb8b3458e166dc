import Tensors

/// What moves a trainer's parameters: AdamW, and Muon for the hidden matrices of trainers that ask for it; and their running average.
///
/// A step is decided on the device: gradients longer than 1 together are shortened to that, and one that is not finite changes nothing.
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
    /// One number: 1 as soon as a loss or a gradient was not finite, else 0. From then on nothing changes any more.
    private(set) var isSpoilt: Tensor
    /// The number of updates done, on which AdamW's corrections depend.
    var step: Int {
        get { adamW?.step ?? 0 }
        set { adamW?.step = newValue }
    }
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
        isSpoilt = try Tensor.zeros([], device: flat.values.device)
        let groups = [
            ("first", others, adamW?.firstMoments), ("second", others, adamW?.secondMoments), ("momentum", matrices, muon?.momenta),
            ("average", all, try averages.map(flat.views)),
        ]
        state = groups.flatMap { group, parameters, tensors in
            zip(parameters, tensors ?? []).map { (name: "\(group)/\($0.name)", tensor: $1) }
        }
    }

    /// Moves every parameter along its gradient, then clears the gradients.
    func update(loss: Tensor, learningRate: Double) throws {
        try Tensor.withoutGradients {
            let gradient = try flat.gradient()
            let norm = try gradient.norm()
            let isGood = try (norm + loss.reshaped([])).isFinite().to(.float32)
            isSpoilt = try isSpoilt.maximum(isGood * -1 + 1)
            let shortened = try gradient / norm.maximum(Tensor.ones([], device: norm.device))
            if let adamW {
                let part = try shortened.narrowed(0, from: numbers.adamW.lowerBound, length: numbers.adamW.count)
                try adamW.update(learningRate: learningRate, gradient: part, unless: isSpoilt)
            }
            if let muon {
                let part = try shortened.narrowed(0, from: numbers.muon.lowerBound, length: numbers.muon.count)
                try muon.update(learningRate: learningRate * matrixRate, gradient: part, unless: isSpoilt)
            }
        }
        try flat.clearGradients()
    }

    /// Moves the averages towards the parameters, by what they do not keep.
    func average(keeping kept: Double) throws {
        guard let averages else { return }
        try Tensor.withoutGradients { try averages.move(towards: isSpoilt.choosing(averages, else: flat.values), by: 1 - kept) }
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
