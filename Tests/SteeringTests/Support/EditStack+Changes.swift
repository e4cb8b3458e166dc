import Steering

extension EditStack {
    /// Edits that add amounts.
    init(_ changes: [Change]) {
        self.init()
        for change in changes {
            switch change.target {
            case .feature(let feature): append(.add, feature: feature, value: change.amount)
            case .direction(let direction): append(direction: direction, value: change.amount)
            }
        }
    }
}
