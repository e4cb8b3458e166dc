/// One of the independent things that vary from scene to scene.
public enum Factor: String, CaseIterable, Sendable, Codable {
    case subject, colour, count, size, position, timeOfDay, ground, weather, border, style

    /// The names of the values it takes, in the order of their indices.
    public var values: [String] {
        switch self {
        case .subject: Scene.Subject.names
        case .colour: Scene.Colour.names
        case .count: Scene.Count.names
        case .size: Scene.Size.names
        case .position: Scene.Position.names
        case .timeOfDay: Scene.TimeOfDay.names
        case .ground: Scene.Ground.names
        case .weather: Scene.Weather.names
        case .border: Scene.Border.names
        case .style: Scene.Style.names
        }
    }
}
