/// Borrowing what another picture shows.
extension EditStack {
    /// Makes features as the donor has them: edits that set them, in a group of their own whose strength says how far they go there.
    public mutating func copy(_ differences: [FeatureDifference], from name: String, strength: Float = 1) {
        append(differences.map { ($0.index, $0.donor) }, inGroup: name, strength: strength)
    }

    /// Adds what makes one picture the other to whatever picture this stack edits, in a group of its own whose strength says how much.
    public mutating func add(_ differences: [FeatureDifference], from name: String, strength: Float = 1) {
        append(differences.map { ($0.index, $0.amount) }, inGroup: name, as: .add, strength: strength)
    }
}
