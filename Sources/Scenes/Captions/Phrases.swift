/// The ways in which captions say each factor's value. No phrase says anything about another factor.
enum Phrases {
    /// One of a subject, and several of it.
    struct Noun {
        let one, many: String
    }

    static func nouns(for subject: Scene.Subject) -> [Noun] {
        switch subject {
        case .house: [Noun(one: "house", many: "houses"), Noun(one: "cottage", many: "cottages"), Noun(one: "home", many: "homes")]
        case .tree: [Noun(one: "tree", many: "trees"), Noun(one: "fir", many: "firs"), Noun(one: "pine", many: "pines")]
        case .boat: [Noun(one: "boat", many: "boats"), Noun(one: "sailboat", many: "sailboats"), Noun(one: "ship", many: "ships")]
        case .star: [Noun(one: "star", many: "stars")]
        case .heart: [Noun(one: "heart", many: "hearts")]
        case .fish: [Noun(one: "fish", many: "fish")]
        case .moon: [Noun(one: "moon", many: "moons"), Noun(one: "crescent", many: "crescents")]
        case .mushroom: [Noun(one: "mushroom", many: "mushrooms"), Noun(one: "toadstool", many: "toadstools")]
        case .flower: [Noun(one: "flower", many: "flowers"), Noun(one: "blossom", many: "blossoms")]
        case .cat: [Noun(one: "cat", many: "cats"), Noun(one: "kitten", many: "kittens")]
        case .car: [Noun(one: "car", many: "cars")]
        case .balloon: [Noun(one: "balloon", many: "balloons")]
        }
    }

    static func colours(for colour: Scene.Colour) -> [String] {
        switch colour {
        case .teal: ["teal", "turquoise"]
        case .purple: ["purple", "violet"]
        case .red, .orange, .yellow, .green, .blue, .pink, .brown: [colour.rawValue]
        }
    }

    /// Ways to begin a noun phrase that say the number; `nil` is an indefinite article, or for several nothing at all.
    static func counts(for count: Scene.Count) -> [String?] {
        switch count {
        case .one: [nil, nil, nil, "one", "a single"]
        case .two: ["two", "two", "a pair of", nil]
        case .three: ["three", "three", "a trio of", nil]
        }
    }

    static func sizes(for size: Scene.Size) -> [String] {
        switch size {
        case .small: ["small", "little", "tiny"]
        case .medium: ["medium", "medium sized"]
        case .large: ["large", "big", "huge"]
        }
    }

    static func positions(for position: Scene.Position) -> [String] {
        switch position {
        case .left: ["on the left", "to the left", "on the left side"]
        case .centre: ["in the middle", "in the centre"]
        case .right: ["on the right", "to the right", "on the right side"]
        }
    }

    static func times(for time: Scene.TimeOfDay) -> [String] {
        switch time {
        case .morning: ["in the morning", "at sunrise", "at dawn"]
        case .day: ["by day", "at noon", "in daylight"]
        case .dusk: ["at dusk", "at sunset", "in the evening"]
        case .night: ["at night", "by night"]
        }
    }

    static func grounds(for ground: Scene.Ground) -> [String] {
        switch ground {
        case .grass: ["on the grass", "in a meadow", "over the meadow"]
        case .sand: ["in the desert", "on the sand", "over the dunes"]
        case .sea: ["over the sea", "at sea", "over the waves"]
        case .snow: ["in the mountains", "on snowy ground", "before snowy mountains"]
        case .city: ["in the city", "in town", "over the city"]
        }
    }

    static func weathers(for weather: Scene.Weather) -> [String] {
        switch weather {
        case .clear: ["in clear weather", "under a clear sky"]
        case .cloudy: ["under clouds", "in cloudy weather", "under a cloudy sky"]
        case .rain: ["in the rain", "in rainy weather", "while it rains"]
        case .snow: ["while it snows", "in falling snow", "among snowflakes"]
        }
    }

    static func borders(for border: Scene.Border) -> [String] {
        switch border {
        case .none: ["without a frame", "with no border"]
        case .white: ["in a white frame", "with a white border", "framed in white"]
        case .black: ["in a black frame", "with a black border", "framed in black"]
        case .gold: ["in a golden frame", "with a gold border", "framed in gold"]
        }
    }

    static func styles(for style: Scene.Style) -> [String] {
        switch style {
        case .plain: ["plain", "in a plain style"]
        case .outlined: ["outlined", "with thick outlines"]
        case .striped: ["striped", "with stripes"]
        case .pixelated: ["pixelated", "in big pixels", "as pixel art"]
        case .greyscale: ["in a grey world", "with grey surroundings", "greyscale"]
        }
    }

    /// Words before the objects that say nothing about the scene.
    static let openings = ["a picture of", "a drawing of", "a scene with"]
    static let articles = ["a", "an"]

    /// Everything that a caption can be made of.
    static var all: [String] {
        var phrases = openings + articles
        phrases += Scene.Subject.allCases.flatMap(nouns).flatMap { [$0.one, $0.many] }
        phrases += Scene.Count.allCases.flatMap(counts).compactMap { $0 }
        phrases += Scene.Colour.allCases.flatMap(colours)
        phrases += Scene.Size.allCases.flatMap(sizes)
        phrases += Scene.Position.allCases.flatMap(positions)
        phrases += Scene.TimeOfDay.allCases.flatMap(times)
        phrases += Scene.Ground.allCases.flatMap(grounds)
        phrases += Scene.Weather.allCases.flatMap(weathers)
        phrases += Scene.Border.allCases.flatMap(borders)
        phrases += Scene.Style.allCases.flatMap(styles)
        return phrases
    }
}
