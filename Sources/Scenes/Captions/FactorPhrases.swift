extension Factor {
    /// The ways in which captions say one of its values: of subjects for a single one, of counts the words before several.
    public func phrases(_ value: Int) -> [String] {
        switch self {
        case .subject: Phrases.nouns(for: Scene.Subject.allCases[value]).map(\.one)
        case .colour: Phrases.colours(for: Scene.Colour.allCases[value])
        case .count: Phrases.counts(for: Scene.Count.allCases[value]).compactMap { $0 }
        case .size: Phrases.sizes(for: Scene.Size.allCases[value])
        case .position: Phrases.positions(for: Scene.Position.allCases[value])
        case .timeOfDay: Phrases.times(for: Scene.TimeOfDay.allCases[value])
        case .ground: Phrases.grounds(for: Scene.Ground.allCases[value])
        case .weather: Phrases.weathers(for: Scene.Weather.allCases[value])
        case .border: Phrases.borders(for: Scene.Border.allCases[value])
        case .style: Phrases.styles(for: Scene.Style.allCases[value])
        }
    }
}

extension Scene.Subject {
    /// The ways in which captions name several of it.
    public var plurals: [String] { Phrases.nouns(for: self).map(\.many) }
}
