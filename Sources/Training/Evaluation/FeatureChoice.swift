import Scenes
import Tensors

/// The feature of a sparse autoencoder that stands for each factor value best, chosen by F1 on training scenes.
struct FeatureChoice {
    struct Choice {
        let factor: Factor
        let value: Int
        let feature: Int
        /// Activations from here on count as "yes".
        let threshold: Float
        /// The mean activation in scenes that have the value, where it says so.
        let typical: Float
    }

    /// One for each value of each factor, in order.
    let choices: [Choice]

    /// - Parameter features: the activations of all scenes of the bank, `[count, features]`.
    init(_ bank: SceneBank, _ features: Tensor) throws {
        let columns = try Self.columns(features)
        let ranked = columns.map { column in column.indices.filter { column[$0] > 0 }.sorted { column[$0] > column[$1] } }
        choices = Factor.allCases.flatMap { factor in
            factor.values.indices.map { value in
                let isPresent = bank.scenes.map { $0[factor] == value }
                return Self.best(factor, value, isPresent, columns, ranked)
            }
        }
    }

    /// The F1 of each choice on other scenes.
    func scores(_ bank: SceneBank, _ features: Tensor) throws -> [Double] {
        let columns = try Self.columns(features)
        return choices.map { choice in
            let says = columns[choice.feature].map { $0 > 0 && $0 >= choice.threshold }
            let isPresent = bank.scenes.map { $0[choice.factor] == choice.value }
            let both = zip(says, isPresent).filter { $0 && $1 }.count
            let either = says.filter { $0 }.count + isPresent.filter { $0 }.count
            return either == 0 ? 0 : 2 * Double(both) / Double(either)
        }
    }

    func choice(_ factor: Factor, _ value: Int) -> Choice? { choices.first { $0.factor == factor && $0.value == value } }

    private static func best(_ factor: Factor, _ value: Int, _ isPresent: [Bool], _ columns: [[Float]], _ ranked: [[Int]]) -> Choice {
        let total = isPresent.filter { $0 }.count
        var best = (score: -1.0, feature: 0, threshold: Float(0))
        for (feature, order) in ranked.enumerated() {
            var found = 0
            for (rank, scene) in order.enumerated() {
                if isPresent[scene] { found += 1 }
                let score = 2 * Double(found) / Double(rank + 1 + total)
                if score > best.score { best = (score, feature, columns[feature][scene]) }
            }
        }
        let column = columns[best.feature]
        let typical = column.indices.filter { isPresent[$0] && column[$0] > 0 && column[$0] >= best.threshold }.map { column[$0] }
        let mean = typical.isEmpty ? 0 : typical.reduce(0, +) / Float(typical.count)
        return Choice(factor: factor, value: value, feature: best.feature, threshold: best.threshold, typical: mean)
    }

    /// The activations of each feature, by scene.
    private static func columns(_ features: Tensor) throws -> [[Float]] {
        let (count, numbers) = (features.size(0), try features.transposed().contiguous().floats())
        return stride(from: 0, to: numbers.count, by: count).map { Array(numbers[$0..<$0 + count]) }
    }
}
