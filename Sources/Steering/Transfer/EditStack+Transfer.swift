extension EditStack {
    /// Takes features from another picture, as edits in a group of their own whose strength says how far they go: they are set as the donor has
    /// them, or, where the differences begin at a second donor, what makes that one the other is added.
    /// - Parameters:
    ///   - donor: the name of the picture that the features come from.
    ///   - origin: the name of the picture at which the differences begin, when that is not the one that is edited.
    ///   - differences: the features that are taken.
    ///   - strength: that of the group.
    public mutating func transfer(
        _ differences: [FeatureDifference], from donor: String, minus origin: String? = nil, strength: Float = 1
    ) {
        let name = Self.transferName(from: donor, minus: origin)
        if origin == nil {
            append(differences.map { ($0.index, $0.donor) }, inGroup: name, strength: strength)
        } else {
            append(differences.map { ($0.index, $0.amount) }, inGroup: name, as: .add, strength: strength)
        }
    }

    /// What the edits of a transfer are called together.
    public static func transferName(from donor: String, minus origin: String?) -> String {
        origin.map { "\($0) to \(donor)" } ?? "from \(donor)"
    }
}
