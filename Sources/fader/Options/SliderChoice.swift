import ArgumentParser
import Foundation
import Steering

/// A slider as it is named on the command line: `12=0..20`, `night`, `feature:night`, `direction:day-night=-1..1`, `group:sky` or `edit:1`.
struct SliderChoice: ExpressibleByArgument, Equatable {
    enum Kind: String {
        case feature, group, direction, edit
        /// A direction, or else a feature by its label.
        case either
    }

    let kind: Kind
    /// A number for edits, a number or a name for features, else a name.
    let name: String
    /// The ends; nil takes what is usual.
    var from, to: Float?

    init(kind: Kind, name: String, from: Float? = nil, to: Float? = nil) {
        self.kind = kind
        self.name = name
        self.from = from
        self.to = to
    }

    init?(argument: String) {
        var rest = argument[...]
        if let equals = rest.lastIndex(of: "="), let dots = rest[equals...].range(of: "..") {
            guard let from = Float(rest[rest.index(after: equals)..<dots.lowerBound]), let to = Float(rest[dots.upperBound...]) else {
                return nil
            }
            (self.from, self.to) = (from, to)
            rest = rest[..<equals]
        }
        let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, let kind = Kind(rawValue: parts[0]), kind != .either {
            (self.kind, name) = (kind, parts[1])
        } else {
            (kind, name) = (Int(rest) == nil ? .either : .feature, String(rest))
        }
        guard !name.isEmpty, kind != .edit || Int(name) != nil, kind != .feature || FeatureName(argument: name) != nil else { return nil }
    }
}
