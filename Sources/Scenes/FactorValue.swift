/// A value of a factor: it has a name and an index.
protocol FactorValue: RawRepresentable<String>, CaseIterable, Sendable, Codable where AllCases == [Self] {}

extension FactorValue {
    static var names: [String] { allCases.map(\.rawValue) }

    /// The value's place among all values of its factor.
    var index: Int {
        get { Self.allCases.firstIndex { $0.rawValue == rawValue } ?? 0 }
        set {
            let count = Self.allCases.count
            self = Self.allCases[((newValue % count) + count) % count]
        }
    }
}

extension Scene {
    /// What the objects are.
    public enum Subject: String, FactorValue {
        case house, tree, boat, star, heart, fish, moon, mushroom, flower, cat, car, balloon
    }

    /// The colour of the objects.
    public enum Colour: String, FactorValue {
        case red, orange, yellow, green, teal, blue, purple, pink, brown
    }

    /// How many objects there are.
    public enum Count: String, FactorValue {
        case one, two, three

        /// The count as a number.
        public var number: Int { index + 1 }
    }

    /// How large the objects are.
    public enum Size: String, FactorValue {
        case small, medium, large
    }

    /// Where the group of objects stands.
    public enum Position: String, FactorValue {
        case left, centre, right
    }

    /// The light in the sky and on the ground.
    public enum TimeOfDay: String, FactorValue {
        case morning, day, dusk, night
    }

    /// What lies below the horizon and rises from it.
    public enum Ground: String, FactorValue {
        case grass, sand, sea, snow, city
    }

    /// What hangs in, or falls from, the sky.
    public enum Weather: String, FactorValue {
        case clear, cloudy, rain, snow
    }

    /// The frame around the picture.
    public enum Border: String, FactorValue {
        case none, white, black, gold
    }

    /// How the picture is made.
    ///
    /// No style hides another factor: outlines and stripes belong to the objects, `greyscale` takes the colour from the surroundings
    /// alone, and `pixelated` is coarser in the surroundings than in the objects.
    public enum Style: String, FactorValue {
        case plain, outlined, striped, pixelated, greyscale
    }
}
