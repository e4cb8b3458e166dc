extension EditStack {
    /// Adds a group's features, each by its weight, in a group of the stack with one strength: 1 raises what is there by as much as the group
    /// stands for, and −1 takes that away.
    public mutating func append(_ group: FeatureGroup, times factor: Float = 1) {
        append(group.members.map { ($0.feature, $0.weight * factor) }, inGroup: group.name, as: .add)
    }
}
