import Networks
import Scenes
import Steering
import Tensors

// What directions between texts do to pictures.

extension Evaluation {
    /// How many pairs of texts make a direction, and how many pictures make a strip.
    private static let texts = 200
    private static let strip = 7

    /// A strip from every value of a factor to the next, and from the last to the first; none in a pack without a text tower.
    func directions(_ factor: Factor) throws -> [PackFigures.DirectionStrip] {
        guard let text = pack.text else { return [] }
        let count = factor.values.count
        return try (0..<count).map { from in
            let to = (from + 1) % count
            return try strip(factor, from: from, to: to, along: direction(factor, from: from, to: to, text.tower, text.tokenizer))
        }
    }

    /// The unit direction between the texts of two values, `[1, width]`.
    private func direction(_ factor: Factor, from: Int, to: Int, _ tower: TextTower, _ tokenizer: Tokenizer) throws -> Tensor {
        let definition = Direction.Definition(
            from: DirectionTemplates.worldPhrase(factor, from), to: DirectionTemplates.worldPhrase(factor, to), count: Self.texts, seed: 0)
        let texts = try DirectionTexts(definition, .world)
        func mean(_ texts: [String]) throws -> Tensor {
            let tokens = texts.map { tokenizer($0) }
            let longest = tokens.map(\.count).max() ?? 0
            return try tower(tokens.map { Array($0.tokens.prefix(longest)) }).embedding.mean([0], keep: true)
        }
        return try (mean(texts.to) - mean(texts.from)).unit()
    }

    /// Up to half as far again as the mean embeddings of both values lie apart, which is where a user would stop the slider.
    private func strip(_ factor: Factor, from: Int, to: Int, along direction: Tensor) throws -> PackFigures.DirectionStrip {
        let places = heldOut.scenes.indices.filter { heldOut.scenes[$0][factor] == from }.prefix(max(1, settings.steered / 2))
        guard !places.isEmpty else {
            throw TrainingError.unsuitable("There are too few held-out scenes for strips: give a larger --count.")
        }
        let own = try embeddings.selecting(Tensor(places.map(Int64.init), shape: [places.count]))
        let noise = try noise(for: Array(places))
        let length = try 1.5 * (mean(of: factor, to) - mean(of: factor, from)).norm().item()
        let readings = try (0..<Self.strip).map { place in
            try read(own + direction * (length * Double(place) / Double(Self.strip - 1)), noise)
        }
        func probability(of value: Int) -> [Double] {
            readings.map { step in step.reduce(0) { $0 + ($1.probabilities[factor]?[value] ?? 0) } / Double(step.count) }
        }
        return PackFigures.DirectionStrip(
            factor: factor.rawValue, from: factor.values[from], to: factor.values[to], fromProbability: probability(of: from),
            toProbability: probability(of: to))
    }

    /// The mean embedding of the training scenes with a value, `[1, width]`.
    private func mean(of factor: Factor, _ value: Int) throws -> Tensor {
        let places = training.scenes.indices.filter { training.scenes[$0][factor] == value }.map(Int64.init)
        guard !places.isEmpty else { throw TrainingError.unsuitable("There are too few training scenes for strips.") }
        return try trainingEmbeddings.selecting(Tensor(places, shape: [places.count])).mean([0], keep: true)
    }
}
