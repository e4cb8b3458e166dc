import Scenes
import Tensors

/// The features of a sparse autoencoder that stand for each factor value best, chosen by F1 on training scenes.
struct FeatureChoice {
    /// A feature that says "yes" to a value.
    struct Member: Equatable {
        let feature: Int
        /// Activations from here on count as "yes".
        let threshold: Float
        /// The mean activation in scenes that have the value.
        let typical: Float
    }

    /// What stands for one value.
    struct Choice {
        let factor: Factor
        let value: Int
        /// The best single feature, its typical activation taken where it says "yes".
        let best: Member
        /// The best feature and, where it says too little alone, the fewest others that say "yes" in its stead; activations are typical of
        /// all scenes with the value.
        let group: [Member]
    }

    /// A group that is as reliable as this is not enlarged, nor is one that gains less than `leastGain` by it or has `mostMembers`.
    private static let reliable = 0.9
    private static let leastGain = 0.02
    private static let mostMembers = 4

    /// One for each value of each factor, in order.
    let choices: [Choice]
    /// The features that are active in some scene.
    let active: [Int]

    /// - Parameter features: the activations of all scenes of the bank, `[count, features]`.
    init(_ bank: SceneBank, _ features: Tensor) throws {
        let activations = try FeatureActivations(features)
        active = activations.ranked.indices.filter { !activations.ranked[$0].isEmpty }
        choices = Factor.allCases.flatMap { factor in
            factor.values.indices.map { value in
                Self.choice(factor, value, bank.scenes.map { $0[factor] == value }, activations)
            }
        }
    }

    /// The F1 of each value's best feature on other scenes: of its reaching the threshold that was chosen, and of its being active at all.
    func scores(_ bank: SceneBank, _ features: Tensor) throws -> [(chosen: Double, active: Double)] {
        let columns = try FeatureActivations(features).columns
        return choices.map { choice in
            let activations = columns[choice.best.feature]
            let isPresent = bank.scenes.map { $0[choice.factor] == choice.value }
            return (
                chosen: Self.score(activations.map { $0 > 0 && $0 >= choice.best.threshold }, isPresent),
                active: Self.score(activations.map { $0 > 0 }, isPresent)
            )
        }
    }

    private static func score(_ says: [Bool], _ isPresent: [Bool]) -> Double {
        let both = zip(says, isPresent).count { $0 && $1 }
        let either = says.count { $0 } + isPresent.count { $0 }
        return either == 0 ? 0 : 2 * Double(both) / Double(either)
    }

    func choice(_ factor: Factor, _ value: Int) -> Choice? { choices.first { $0.factor == factor && $0.value == value } }

    private static func choice(_ factor: Factor, _ value: Int, _ isPresent: [Bool], _ activations: FeatureActivations) -> Choice {
        var isSaid = [Bool](repeating: false, count: isPresent.count)
        var found: [(feature: Int, threshold: Float)] = []
        var score = 0.0
        while found.count < mostMembers, found.isEmpty || score < reliable {
            let next = activations.best(for: isPresent, beside: isSaid)
            guard found.isEmpty || next.score >= score + leastGain else { break }
            score = next.score
            found.append((next.feature, next.threshold))
            for (scene, activation) in activations.columns[next.feature].enumerated() where activation > 0 && activation >= next.threshold {
                isSaid[scene] = true
            }
        }
        let group = found.map { Member(feature: $0, threshold: $1, typical: activations.mean(of: $0, isPresent, from: 0)) }
        let best = Member(
            feature: found[0].feature, threshold: found[0].threshold,
            typical: activations.mean(of: found[0].feature, isPresent, from: max(found[0].threshold, .leastNonzeroMagnitude)))
        return Choice(factor: factor, value: value, best: best, group: group.count == 1 ? [best] : group)
    }
}
