import Foundation

/// A slider that a contact sheet shows at several values.
public struct SheetSlider: Sendable, Equatable, Codable {
    /// What is moved: a feature's activation is set, a group added as many times, the embedding moved along a direction, or the strength of an
    /// edit of the recipe changed.
    public enum Target: Sendable, Equatable {
        case feature(Int)
        case group(FeatureGroup)
        case direction(Direction)
        /// By its place in the recipe, from 0.
        case edit(Int)
    }

    public let target: Target
    /// In the order in which they are shown.
    public let values: [Float]

    /// The most values that one slider of a sheet may have.
    public static let limit = 100

    /// Values at equal distances, with both ends.
    /// - Throws: `SteeringError.unsuitableSheet` when there are too few or too many, or an end is not finite; `SteeringError.outOfRange`.
    public init(_ target: Target, from: Float, to: Float, count: Int) throws {
        guard (2...Self.limit).contains(count) else {
            throw SteeringError.unsuitableSheet("A sheet shows a slider at 2 to \(Self.limit) values, not at \(count).")
        }
        guard from.isFinite, to.isFinite else {
            throw SteeringError.unsuitableSheet("A slider goes from one finite number to another, not from \(from) to \(to).")
        }
        for end in [from, to] {
            if case .edit(let place) = target {
                try Ranges.strength.require(end, as: "The strength of edit \(place + 1)")
            } else {
                try Ranges.value.require(end, as: "An end of the slider")
            }
        }
        self.target = target
        values = (0..<count).map { from + (to - from) * Float($0) / Float(count - 1) }
    }

    /// The stack with this slider at a value.
    /// - Throws: `SteeringError.unsuitableSheet` when the stack has no such edit.
    public func applied(_ value: Float, to stack: EditStack) throws -> EditStack {
        var stack = stack
        switch target {
        case .feature(let feature): stack.set(feature: feature, to: value)
        case .group(let group): stack.append(group, times: value)
        case .direction(let direction): stack.append(direction: direction, value: value)
        case .edit(let place):
            guard stack.edits.indices.contains(place) else {
                throw SteeringError.unsuitableSheet("The recipe has no edit \(place + 1): it has \(stack.edits.count).")
            }
            stack.update(stack.edits[place].id) { $0.strength = value }
        }
        return stack
    }

    /// The feature that is moved; nil when it is something else.
    var feature: Int? { if case .feature(let feature) = target { feature } else { nil } }

    /// What the slider is called on the sheet.
    /// - Parameter label: what a feature stands for, where it is known.
    public func name(_ label: (Int) -> String?) -> String {
        switch target {
        case .feature(let feature): label(feature) ?? "feature \(feature)"
        case .group(let group): group.name
        case .direction(let direction): direction.name
        case .edit(let place): "edit \(place + 1)"
        }
    }

    /// The value where all are the same; nil where they differ.
    public var onlyValue: Float? { Set(values).count == 1 ? values[0] : nil }

    /// The values as they are written on the sheet.
    public var captions: [String] { values.map { String(format: "%.3g", Double($0)) } }

    private enum CodingKeys: String, CodingKey {
        case feature, group, direction, edit, values
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        values = try container.decode([Float].self, forKey: .values)
        if let feature = try container.decodeIfPresent(Int.self, forKey: .feature) {
            target = .feature(feature)
        } else if let group = try container.decodeIfPresent(FeatureGroup.self, forKey: .group) {
            target = .group(group)
        } else if let direction = try container.decodeIfPresent(Direction.self, forKey: .direction) {
            target = .direction(direction)
        } else {
            target = .edit(try container.decode(Int.self, forKey: .edit))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(values, forKey: .values)
        switch target {
        case .feature(let feature): try container.encode(feature, forKey: .feature)
        case .group(let group): try container.encode(group, forKey: .group)
        case .direction(let direction): try container.encode(direction, forKey: .direction)
        case .edit(let place): try container.encode(place, forKey: .edit)
        }
    }
}
