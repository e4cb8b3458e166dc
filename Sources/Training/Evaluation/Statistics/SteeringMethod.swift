/// A way to move embeddings towards a factor value, to be compared with others.
enum SteeringMethod: String, CaseIterable {
    /// The value's best feature set to its typical activation, those of the factor's other values set to 0.
    case feature
    /// The same with the fewest features that stand for the value together.
    case group = "feature group"
    /// From the mean embedding of the scene's own value to that of the other.
    case differenceOfMeans = "difference of means"
    /// As far as `group` goes, along the principal component on which the value stands out most.
    case principalDirection = "principal component"
    /// As far as `group` goes, along the direction of a random feature that is active in some scene.
    case randomFeature = "random feature"
    /// Nothing is moved.
    case none = "no edit"
}
