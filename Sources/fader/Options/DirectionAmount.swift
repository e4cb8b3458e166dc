import ArgumentParser

/// `name=amount` on the command line; the name may hold equals signs.
struct DirectionAmount: ExpressibleByArgument, Equatable {
    let name: String
    let amount: Float

    var text: String { "\(name)=\(amount)" }

    init?(argument: String) {
        guard let sign = argument.lastIndex(of: "="), sign > argument.startIndex,
            let amount = Float(argument[argument.index(after: sign)...])
        else { return nil }
        name = String(argument[..<sign])
        self.amount = amount
    }
}
