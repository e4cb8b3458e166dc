import Foundation

/// A slider by its name: `12=0..20`, `night`, `feature:night`, `direction:day-night=-1..1`, `group:sky` or `edit:1`.
public struct NamedSlider: Sendable, Equatable {
    public enum Kind: String, Sendable {
        case feature, group, direction, edit
        /// A direction, or else a feature by its label.
        case either
    }

    public let kind: Kind
    /// A number for edits, a number or a label for features, else a name.
    public let name: String
    /// The ends; nil takes what is usual.
    public var from, to: Float?

    public init(kind: Kind, name: String, from: Float? = nil, to: Float? = nil) {
        self.kind = kind
        self.name = name
        self.from = from
        self.to = to
    }

    /// Nil for a text of another form.
    public init?(argument: String) {
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
        guard !name.isEmpty, kind != .edit || Int(name) != nil, kind != .feature || FeatureNames.isName(name) else { return nil }
    }

    /// The slider that the name stands for.
    /// - Parameters:
    ///   - count: how many values it is shown at.
    ///   - pack: the pack's folder.
    ///   - stack: the recipe's edits.
    ///   - features: the picture's active features.
    /// - Throws: `LibraryError` when the pack's library has no direction or group of the name; `FeatureNameError`; what `SheetSlider` throws.
    public func slider(count: Int, pack: URL, stack: EditStack, features: [Feature]) throws -> SheetSlider {
        let finding = SliderSearch(pack: try Pack(pack), stack: stack, features: features)
        let (target, usual) = try finding.target(self)
        return try SheetSlider(target, from: from ?? usual.lowerBound, to: to ?? usual.upperBound, count: count)
    }
}

/// Finds what is moved, and between which ends unless others are named.
private struct SliderSearch {
    typealias Found = (SheetSlider.Target, usual: ClosedRange<Float>)

    let pack: Pack
    let stack: EditStack
    let features: [Feature]

    func target(_ slider: NamedSlider) throws -> Found {
        switch slider.kind {
        case .feature: return try feature(slider.name)
        case .edit: return (.edit((Int(slider.name) ?? 0) - 1), Ranges.strengthSlider)
        case .group: return (.group(try library.group(named: slider.name)), Ranges.groupSlider)
        case .direction: return along(try direction(slider.name) ?? library.direction(named: slider.name))
        case .either: return try direction(slider.name).map(along) ?? feature(slider.name)
        }
    }

    private func feature(_ name: String) throws -> Found {
        let known = try KnownFeatures(pack: pack)
        let index = try FeatureNames(known).feature(named: name)
        let activation = features.first { $0.index == index }?.activation ?? 0
        return (.feature(index), Ranges.slider(maximum: known[index]?.maximum, activation: activation))
    }

    private func along(_ direction: Direction) -> Found { (.direction(direction), Ranges.directionSlider) }

    /// The recipe's own direction of this name, or else the library's.
    private func direction(_ name: String) throws -> Direction? {
        try stack.directions.first { $0.name == name } ?? library.directions().first { $0.name == name }
    }

    private var library: FeatureLibrary {
        get throws { try FeatureLibrary(of: pack) }
    }
}
