import Networks
import Scenes
import Tensors

// What many edits at once do: a scene takes over another's activations, those that differ most first.

extension Evaluation {
    static let stackSizes = [1, 4, 16, 64, 256]

    /// Which features a stack sets, and what the picture should show then.
    private struct Plan {
        var edits: [(feature: Int, amount: Float)] = []
        var targets: [Factor: Int] = [:]
    }

    /// Every held-out scene that is steered takes over activations of the next one.
    func stacks(_ choice: FeatureChoice) throws -> [PackFigures.Stack] {
        let count = min(settings.steered, heldOut.count)
        let indices = try Tensor((0..<count).map(Int64.init), shape: [count], device: .ambient)
        let own = try embeddings.selecting(indices)
        let features = try pack.sparseAutoencoder.encode(own).floats()
        let width = pack.sparseAutoencoder.count
        let rows = (0..<count).map { Array(features[$0 * width..<($0 + 1) * width]) }
        let norms = try pack.sparseAutoencoder.norms.floats()
        let noise = try noise(for: Array(0..<count))
        let unedited = try read(own, noise)
        return try Self.stackSizes.map { size in
            let plans = (0..<count).map { place in
                let other = (place + 1) % count
                return Self.plan(size, from: rows[place], to: rows[other], norms, heldOut.scenes[place], heldOut.scenes[other], choice)
            }
            let moved = try Tensor.concatenated(
                plans.enumerated().map { try pack.sparseAutoencoder.moved(own.narrowed(0, from: $0, length: 1), by: $1.edits) },
                dimension: 0)
            return try figures(size, plans, read(moved, noise), unedited, moved)
        }
    }

    private static func plan(
        _ size: Int, from own: [Float], to other: [Float], _ norms: [Float], _ scene: Scene, _ goal: Scene, _ choice: FeatureChoice
    ) -> Plan {
        let changes = own.indices.map { (feature: $0, amount: other[$0] - own[$0]) }.filter { $0.amount != 0 }
        var plan = Plan()
        plan.edits = Array(changes.sorted { abs($0.amount) * norms[$0.feature] > abs($1.amount) * norms[$1.feature] }.prefix(size))
        let edited = Set(plan.edits.map(\.feature))
        for factor in Factor.allCases where scene[factor] != goal[factor] {
            guard let target = choice.choice(factor, goal[factor]), target.group.contains(where: { edited.contains($0.feature) }) else {
                continue
            }
            plan.targets[factor] = goal[factor]
        }
        return plan
    }

    private func figures(
        _ size: Int, _ plans: [Plan], _ edited: [FactorReading], _ unedited: [FactorReading], _ moved: Tensor
    ) throws -> PackFigures.Stack {
        var (reached, drifted): ([Double], [Double]) = ([], [])
        for (place, plan) in plans.enumerated() {
            for factor in Factor.allCases {
                if let target = plan.targets[factor] {
                    reached.append(edited[place][factor] == target ? 1 : 0)
                } else {
                    drifted.append(edited[place][factor] == unedited[place][factor] ? 0 : 1)
                }
            }
        }
        let usual = try usualDistance()
        return PackFigures.Stack(
            edits: size, applied: Double(plans.reduce(0) { $0 + $1.edits.count }) / Double(plans.count),
            reached: reached.isEmpty ? nil : try Measurement(meanOf: reached),
            drifted: drifted.isEmpty ? nil : try Measurement(meanOf: drifted),
            distance: try Measurement(meanOf: distances(moved).map { $0 / usual }))
    }

    /// How far each embedding lies from the nearest of a training scene.
    private func distances(_ embeddings: Tensor) throws -> [Double] {
        try (0..<embeddings.size(0)).map { place in
            try (trainingEmbeddings - embeddings.narrowed(0, from: place, length: 1)).squared().sum([1]).smallest().squareRoot().item()
        }
    }

    /// How far embeddings of held-out scenes lie from the nearest of a training scene, on average.
    private func usualDistance() throws -> Double {
        let count = min(64, heldOut.count)
        return try distances(embeddings.narrowed(0, from: 0, length: count)).reduce(0, +) / Double(count)
    }
}
