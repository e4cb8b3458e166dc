import Networks
import Scenes
import Steering
import Tensors

// What directions between texts do to pictures.

extension Evaluation {
    /// From which value of a factor to which other, and along which unit direction `[1, width]`.
    private struct Course {
        let factor: Factor
        let from, to: Int
        let direction: Tensor
    }

    /// The mean probability of both values at one place of a course.
    private struct Answer {
        let strength, from, to: Double
    }

    /// How many pairs of texts make a direction, and how many pictures make a strip.
    private static let texts = 200
    private static let strip = 7

    /// The ends that a strip may have; 1 is as far as the mean embeddings of both values lie apart.
    private static let reaches = (1...8).map { Double($0) / 4 }

    /// A strip from every value of a factor to the next, and from the last to the first; none in a pack without a text tower.
    func directions(_ factor: Factor) throws -> [PackFigures.DirectionStrip] {
        guard let text = pack.text else { return [] }
        let count = factor.values.count
        return try (0..<count).map { from in
            let to = (from + 1) % count
            let direction = try direction(factor, from: from, to: to, text.tower, text.tokenizer)
            return try strip(Course(factor: factor, from: from, to: to, direction: direction))
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

    /// A strip on held-out scenes, which ends where it went best on training scenes: there a user would stop the slider.
    private func strip(_ course: Course) throws -> PackFigures.DirectionStrip {
        let tried = try answers(along: course, Self.reaches, training, trainingEmbeddings)
        let reach = Self.end(of: tried.map { ($0.strength, gain: $0.to - $0.from) })
        let strengths = (0..<Self.strip).map { reach * Double($0) / Double(Self.strip - 1) }
        let answers = try answers(along: course, strengths, heldOut, embeddings)
        let values = course.factor.values
        return PackFigures.DirectionStrip(
            factor: course.factor.rawValue, from: values[course.from], to: values[course.to], reach: reach,
            fromProbability: answers.map(\.from), toProbability: answers.map(\.to))
    }

    /// The nearest of all ends that are as good as the best, but for a fiftieth.
    static func end(of ends: [(strength: Double, gain: Double)]) -> Double {
        let best = ends.map(\.gain).max() ?? 0
        return ends.first { $0.gain >= best - 0.02 }?.strength ?? 1
    }

    /// What the factor reader says at some strengths of the first scenes of a bank that have the one value.
    private func answers(
        along course: Course, _ strengths: [Double], _ bank: SceneBank, _ embeddings: Tensor
    ) throws -> [Answer] {
        let places = Array(
            bank.scenes.indices.filter { bank.scenes[$0][course.factor] == course.from }.prefix(max(1, settings.steered / 2)))
        guard !places.isEmpty else {
            throw TrainingError.unsuitable("There are too few scenes for strips: give a larger --count.")
        }
        let own = try embeddings.selecting(Tensor(places.map(Int64.init), shape: [places.count], device: .ambient))
        let noise = try noise(for: places)
        let apart = try (mean(of: course.factor, course.to) - mean(of: course.factor, course.from)).norm().item()
        let moved = try strengths.map { try own + course.direction * (apart * $0) }
        let readings = try read(Tensor.concatenated(moved, dimension: 0), Tensor.concatenated(strengths.map { _ in noise }, dimension: 0))
        return strengths.indices.map { index in
            let probabilities = places.indices.map { readings[index * places.count + $0].probabilities[course.factor] ?? [] }
            func mean(_ value: Int) -> Double { probabilities.reduce(0) { $0 + $1[value] } / Double(places.count) }
            return Answer(strength: strengths[index], from: mean(course.from), to: mean(course.to))
        }
    }

    /// The mean embedding of the training scenes with a value, `[1, width]`.
    private func mean(of factor: Factor, _ value: Int) throws -> Tensor {
        let places = training.scenes.indices.filter { training.scenes[$0][factor] == value }.map(Int64.init)
        guard !places.isEmpty else { throw TrainingError.unsuitable("There are too few training scenes for strips.") }
        return try trainingEmbeddings.selecting(Tensor(places, shape: [places.count], device: .ambient)).mean([0], keep: true)
    }
}
