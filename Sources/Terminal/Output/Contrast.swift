import Glibc

/// How well text can be read, as the Web Content Accessibility Guidelines 2.1 measure it.
extension Color {
    /// The contrast that text needs at least (success criterion 1.4.3).
    public static let textContrast = 4.5
    /// The contrast that lines and marks need at least (success criterion 1.4.11).
    public static let lineContrast = 3.0

    /// The relative luminance, from 0 for black to 1 for white; nil for the terminal's own colour.
    public var luminance: Double? {
        guard let components else { return nil }
        let (red, green, blue) = (Self.linear[Int(components.red)], Self.linear[Int(components.green)], Self.linear[Int(components.blue)])
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast between two colours, from 1 to 21; nil when one is the terminal's own.
    public func contrast(with other: Color) -> Double? {
        guard let one = luminance, let two = other.luminance else { return nil }
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }

    /// The entry of the 256-colour palette that is most like this colour among those that keep a contrast with all of some backgrounds; the
    /// one of most contrast where there is none.
    public func readable(on backgrounds: [Color], contrast wanted: Double = textContrast) -> Color {
        guard let components, let luminance, !backgrounds.isEmpty else { return self }
        let shades = backgrounds.compactMap(\.luminance)
        func contrast(_ luminance: Double) -> Double {
            shades.map { (max($0, luminance) + 0.05) / (min($0, luminance) + 0.05) }.min() ?? 21
        }
        if contrast(luminance) >= wanted { return self }
        var best: (entry: Entry, isEnough: Bool, measure: Double)?
        for entry in Self.entries {
            let contrast = contrast(entry.luminance)
            let isEnough = contrast >= wanted
            let measure = isEnough ? -Double(Self.distance(entry.components, components)) : contrast
            if let best, (best.isEnough, isEnough) == (true, false) || (best.isEnough == isEnough && best.measure >= measure) { continue }
            best = (entry, isEnough, measure)
        }
        return best.map { .indexed($0.entry.index) } ?? self
    }

    private struct Entry {
        let index: UInt8
        let components: (UInt8, UInt8, UInt8)
        let luminance: Double
    }

    /// The cube and the greys; the first 16 are the user's to choose.
    private static let entries: [Entry] = (16...255).compactMap { index in
        let color = Color.indexed(UInt8(index))
        guard let components = color.components, let luminance = color.luminance else { return nil }
        return Entry(index: UInt8(index), components: components, luminance: luminance)
    }

    /// What share of the light each value of a channel stands for.
    private static let linear: [Double] = (0...255).map { value in
        let share = Double(value) / 255
        return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
}
