import Networks
import Scenes
import Tensors

// What edits of embeddings do to the pictures that are drawn from them.

extension Evaluation {
    /// Some held-out scenes that lack a value, what noise each is drawn from, and what the factor reader sees when nothing is edited.
    private struct Subjects {
        let scenes: [Scene]
        /// `[count, width]`.
        let embeddings: Tensor
        let noise: Tensor
        let unedited: [FactorReading]
    }

    /// One factor value in every way: does the factor reader see it, is everything else as in the unedited picture, and does more do more?
    func steering(_ target: FeatureChoice.Choice, _ moves: SteeringMoves) throws -> PackFigures.Value {
        let subjects = try subjects(lacking: target)
        let group = try moves.change(subjects.embeddings, subjects.scenes, to: target, .group)
        let whole = try drawn(subjects, adding: group)
        let steering = try SteeringMethod.allCases.map { method in
            let edited =
                switch method {
                case .none: subjects.unedited
                case .group: whole
                case .feature where target.group == [target.best]: whole
                default: try drawn(subjects, adding: moves.change(subjects.embeddings, subjects.scenes, to: target, method))
                }
            return try figures(target, method, edited, subjects.unedited)
        }
        var known = [0.0: subjects.unedited, 1.0: whole]
        func response(upTo limit: Double) throws -> PackFigures.Response {
            let strengths = (0...8).map { limit * Double($0) / 8 }
            let logOdds = try strengths.map { strength in
                let readings = try known[strength] ?? drawn(subjects, adding: group * strength)
                known[strength] = readings
                return readings.reduce(0) { $0 + $1.logOdds(of: target.value, target.factor) } / Double(readings.count)
            }
            return .init(strengths: strengths, logOdds: logOdds, rankCorrelation: rankCorrelation(strengths, logOdds))
        }
        return PackFigures.Value(
            factor: target.factor.rawValue, value: target.factor.values[target.value], features: target.group.map(\.feature),
            steering: steering, response: try response(upTo: 1), overshoot: try response(upTo: 2))
    }

    private func subjects(lacking target: FeatureChoice.Choice) throws -> Subjects {
        let places = heldOut.scenes.indices.filter { heldOut.scenes[$0][target.factor] != target.value }.prefix(settings.steered)
        guard !places.isEmpty else { throw TrainingError.unsuitable("There are too few held-out scenes to steer: give a larger --count.") }
        let indices = try Tensor(places.map(Int64.init), shape: [places.count], device: .ambient)
        let (own, noise) = (try embeddings.selecting(indices), try noise(for: Array(places)))
        return Subjects(scenes: try scenes(indices), embeddings: own, noise: noise, unedited: try read(own, noise))
    }

    private func drawn(_ subjects: Subjects, adding change: Tensor) throws -> [FactorReading] {
        try read(subjects.embeddings + change, subjects.noise)
    }

    /// What the factor reader sees in pictures drawn from embeddings `[count, width]` and noise.
    func read(_ embeddings: Tensor, _ noise: Tensor, guidance: Double = 1) throws -> [FactorReading] {
        try stride(from: 0, to: embeddings.size(0), by: Self.batch).flatMap { start in
            let length = min(Self.batch, embeddings.size(0) - start)
            let (part, from) = (try embeddings.narrowed(0, from: start, length: length), try noise.narrowed(0, from: start, length: length))
            return try factorReader.readings(of: pack.pictures(of: part, from: from, steps: settings.steps, guidance: guidance))
        }
    }

    private func figures(
        _ target: FeatureChoice.Choice, _ method: SteeringMethod, _ edited: [FactorReading], _ unedited: [FactorReading]
    ) throws -> PackFigures.Steering {
        let others = Factor.allCases.filter { $0 != target.factor }
        let pairs = Array(zip(unedited, edited))
        let kept = others.map { factor in pairs.filter { $0[factor] == $1[factor] }.count }
        let worst = others.indices.min { kept[$0] < kept[$1] } ?? 0
        let moved = others.map { factor in pairs.reduce(0) { $0 + $1.0.change(of: factor, to: $1.1) } / Double(pairs.count) }
        return PackFigures.Steering(
            method: method.rawValue, reached: try Measurement(meanOf: edited.map { $0[target.factor] == target.value ? 1 : 0 }),
            kept: try Measurement(
                meanOf: pairs.map { pair in
                    Double(others.filter { pair.0[$0] == pair.1[$0] }.count) / Double(others.count)
                }), worst: others[worst].rawValue, worstKept: Double(kept[worst]) / Double(pairs.count),
            keptByFactor: Dictionary(uniqueKeysWithValues: zip(others, kept).map { ($0.rawValue, Double($1) / Double(pairs.count)) }),
            change: try Measurement(meanOf: pairs.map { $0.change(of: target.factor, to: $1) }),
            otherChange: moved.reduce(0, +) / Double(moved.count), largestOtherChange: moved.max() ?? 0)
    }
}
