import Tensors

/// What moves a trainer's parameters: AdamW, and Muon for the hidden matrices of trainers that ask for it.
final class Optimiser {
    private typealias Named = (name: String, tensor: Tensor)

    private let adamW: AdamW
    private let muon: Muon
    private let matrixRate: Double
    /// Everything that a checkpoint must hold, with unique names.
    let state: [(name: String, tensor: Tensor)]

    init(_ trainer: any Trainer) throws {
        matrixRate = trainer.matrixRate ?? 0
        let isMatrix = { (parameter: Named) in trainer.matrixRate != nil && Muon.suits(parameter.tensor) }
        let matrices = trainer.parameters.filter(isMatrix)
        let others = trainer.parameters.filter { !isMatrix($0) }
        adamW = try AdamW(others.map(\.tensor))
        muon = try Muon(matrices.map(\.tensor))
        let groups = [("first", others, adamW.firstMoments), ("second", others, adamW.secondMoments), ("momentum", matrices, muon.momenta)]
        state = groups.flatMap { group, parameters, tensors in
            zip(parameters, tensors).map { (name: "\(group)/\($0.name)", tensor: $1) }
        }
    }

    /// The number of updates done.
    var step: Int {
        get { adamW.step }
        set { adamW.step = newValue }
    }

    /// Moves every parameter along its gradient, then clears the gradients.
    func update(learningRate: Double) throws {
        try adamW.update(learningRate: learningRate)
        try muon.update(learningRate: learningRate * matrixRate)
    }
}
