import Networks
import Scenes
import Tensors

// What a picture takes over from another: the features of one factor, or all by which two others differ.

extension Evaluation {
    /// Held-out scenes with donors that have another value of one factor.
    private struct Pairs {
        let targets, donors: [Int]
        /// `[count, width]`, of the targets.
        let own: Tensor
        let noise: Tensor
        let unedited: [FactorReading]
    }

    /// Does the factor reader see the donor's value of a factor, and is everything else as in the unedited picture?
    func transfer(_ factor: Factor, _ choice: FeatureChoice) throws -> PackFigures.Transfer {
        let pairs = try pairs(differingIn: factor)
        let features = Set(choice.choices.filter { $0.factor == factor }.flatMap { $0.group.map(\.feature) }).sorted()
        let donors = try embeddings.selecting(Tensor(pairs.donors.map(Int64.init), shape: [pairs.donors.count], device: .ambient))
        let single = try moved(pairs.own, from: pairs.own, to: donors, features)
        let (start, end) = try variants(of: pairs, in: factor)
        let whole = try moved(pairs.own, from: start, to: end, Array(0..<pack.sparseAutoencoder.count))
        return PackFigures.Transfer(
            factor: factor.rawValue, features: features, single: try outcome(factor, pairs, read(single, pairs.noise)),
            whole: try outcome(factor, pairs, read(whole, pairs.noise)))
    }

    /// Each scene's donor is the next one that differs in the factor.
    private func pairs(differingIn factor: Factor) throws -> Pairs {
        let all = heldOut.scenes
        let found = (0..<min(settings.steered, all.count)).compactMap { target in
            all.indices.dropFirst(target + 1).first { all[$0][factor] != all[target][factor] }.map { (target, $0) }
        }
        guard !found.isEmpty else {
            throw TrainingError.unsuitable("There are too few held-out scenes for transfer: give a larger --count.")
        }
        let targets = found.map(\.0)
        let own = try embeddings.selecting(Tensor(targets.map(Int64.init), shape: [targets.count], device: .ambient))
        let noise = try noise(for: targets)
        return Pairs(targets: targets, donors: found.map(\.1), own: own, noise: noise, unedited: try read(own, noise))
    }

    /// Embeddings moved by what some features of `end` have more than those of `start`; all `[count, width]`.
    private func moved(_ own: Tensor, from start: Tensor, to end: Tensor, _ features: [Int]) throws -> Tensor {
        guard !features.isEmpty else { return own }
        let indices = try Tensor(features.map(Int64.init), shape: [features.count], device: .ambient)
        let difference = try pack.sparseAutoencoder.encode(end) - pack.sparseAutoencoder.encode(start)
        return try own + difference.selecting(indices, dimension: 1).matmul(pack.sparseAutoencoder.directions.selecting(indices))
    }

    /// The donors with the targets' value of a factor, and as they are.
    private func variants(of pairs: Pairs, in factor: Factor) throws -> (start: Tensor, end: Tensor) {
        let ends = pairs.donors.map { heldOut.scenes[$0] }
        let starts = zip(ends, pairs.targets).map { end, target in
            var start = end
            start[factor] = heldOut.scenes[target][factor]
            return start
        }
        return (try drawnEmbeddings(of: starts), try drawnEmbeddings(of: ends))
    }

    /// `[scenes, width]` of the pictures of scenes.
    private func drawnEmbeddings(of scenes: [Scene]) throws -> Tensor {
        let side = heldOut.side
        let bytes = try Tensor(scenes.flatMap { $0.drawn(size: side) }, shape: [scenes.count, side, side, 3], device: .ambient)
        return try pack.imageTower(pack.normalisation(bytes.permuted([0, 3, 1, 2])))
    }

    private func outcome(_ factor: Factor, _ pairs: Pairs, _ edited: [FactorReading]) throws -> PackFigures.TransferOutcome {
        let others = Factor.allCases.filter { $0 != factor }
        let reached = zip(edited, pairs.donors).map { $0[factor] == heldOut.scenes[$1][factor] ? 1.0 : 0 }
        let kept = zip(edited, pairs.unedited).map { edited, unedited in
            Double(others.filter { edited[$0] == unedited[$0] }.count) / Double(others.count)
        }
        return PackFigures.TransferOutcome(reached: try Measurement(meanOf: reached), kept: try Measurement(meanOf: kept))
    }
}
