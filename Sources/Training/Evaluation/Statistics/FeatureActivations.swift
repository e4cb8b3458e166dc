import Tensors

/// The activations of features in many scenes, laid out for looking at one feature after another.
struct FeatureActivations {
    /// Of each feature, by scene.
    let columns: [[Float]]
    /// The scenes in which each feature is active, the strongest first.
    let ranked: [[Int]]

    /// - Parameter features: `[scenes, features]`.
    init(_ features: Tensor) throws {
        let (count, numbers) = (features.size(0), try features.transposed().contiguous().floats())
        let columns = stride(from: 0, to: numbers.count, by: count).map { Array(numbers[$0..<$0 + count]) }
        self.columns = columns
        ranked = columns.map { column in column.indices.filter { column[$0] > 0 }.sorted { column[$0] > column[$1] } }
    }

    /// The feature whose strongest scenes, together with those that are said already, are most nearly those with a value.
    /// - Returns: the F1 of both together as well.
    func best(for isPresent: [Bool], beside isSaid: [Bool]) -> (feature: Int, threshold: Float, score: Double) {
        let total = isPresent.filter { $0 }.count
        let saidBefore = isSaid.filter { $0 }.count
        let foundBefore = zip(isSaid, isPresent).filter { $0 && $1 }.count
        var best = (feature: 0, threshold: Float(0), score: -1.0)
        for (feature, order) in ranked.enumerated() {
            var (said, found) = (saidBefore, foundBefore)
            for scene in order where !isSaid[scene] {
                said += 1
                if isPresent[scene] { found += 1 }
                let score = 2 * Double(found) / Double(said + total)
                if score > best.score { best = (feature, columns[feature][scene], score) }
            }
        }
        return best
    }

    /// The mean activation of a feature in the scenes with a value, of those that reach `threshold` alone; 0 where there are none.
    func mean(of feature: Int, _ isPresent: [Bool], from threshold: Float) -> Float {
        let activations = zip(columns[feature], isPresent).filter { $1 && $0 >= threshold }.map(\.0)
        return activations.isEmpty ? 0 : activations.reduce(0, +) / Float(activations.count)
    }
}
