import Randomness

/// A drawn scene, given wholly by its factors and by where its objects stand.
public struct Scene: Sendable, Codable, Equatable {
    public var subject: Subject
    public var colour: Colour
    public var count: Count
    public var size: Size
    public var position: Position
    public var timeOfDay: TimeOfDay
    public var ground: Ground
    public var weather: Weather
    public var border: Border
    public var style: Style
    public var placement: ScenePlacement

    /// Scene `index` of the endless series `seed`: every factor is drawn independently and uniformly.
    ///
    /// The same two numbers give the same scene on any machine, and any index is reached directly.
    public init(seed: UInt64, index: Int) {
        var random = SplitMix64(seed: seed, index: index, purpose: .scene)
        subject = random.element(of: Subject.allCases)
        colour = random.element(of: Colour.allCases)
        count = random.element(of: Count.allCases)
        size = random.element(of: Size.allCases)
        position = random.element(of: Position.allCases)
        timeOfDay = random.element(of: TimeOfDay.allCases)
        ground = random.element(of: Ground.allCases)
        weather = random.element(of: Weather.allCases)
        border = random.element(of: Border.allCases)
        style = random.element(of: Style.allCases)
        placement = ScenePlacement(using: &random)
    }

    /// The index of the value that `factor` has here, in the order of `factor.values`.
    ///
    /// Setting it leaves everything else as it was; an index past either end wraps around.
    public subscript(factor: Factor) -> Int {
        get {
            switch factor {
            case .subject: subject.index
            case .colour: colour.index
            case .count: count.index
            case .size: size.index
            case .position: position.index
            case .timeOfDay: timeOfDay.index
            case .ground: ground.index
            case .weather: weather.index
            case .border: border.index
            case .style: style.index
            }
        }
        set {
            switch factor {
            case .subject: subject.index = newValue
            case .colour: colour.index = newValue
            case .count: count.index = newValue
            case .size: size.index = newValue
            case .position: position.index = newValue
            case .timeOfDay: timeOfDay.index = newValue
            case .ground: ground.index = newValue
            case .weather: weather.index = newValue
            case .border: border.index = newValue
            case .style: style.index = newValue
            }
        }
    }
}
