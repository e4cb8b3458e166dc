import Tensors

extension Pipeline {
    /// `e + Σ cᵢ dᵢ + Σ aⱼ vⱼ`: the embedding `[1, width]` moved along features and directions.
    /// - Throws: `SteeringError.directionOfAnotherWidth`, or `NetworkError` for a feature that is not there.
    func moved(_ embedding: Tensor, by changes: [Change]) throws -> Tensor {
        let features = changes.compactMap { change in change.feature.map { (feature: $0, amount: change.amount) } }
        return try changes.reduce(autoencoder.moved(embedding, by: features)) { moved, change in
            guard let direction = change.target.direction else { return moved }
            guard direction.vector.count == autoencoder.width else {
                throw SteeringError.directionOfAnotherWidth(
                    direction.name, found: direction.vector.count, expected: autoencoder.width)
            }
            guard change.amount.isFinite else { throw SteeringError.notFinite(what: "The amount of \"\(direction.name)\"") }
            let vector = try Tensor(direction.vector, shape: [1, direction.vector.count]).to(device: device)
            return try moved + vector * Double(change.amount)
        }
    }
}
