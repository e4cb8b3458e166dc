extension Color {
    /// The entry of the terminal's palette that shows the colour best; nil for the terminal's own colour.
    func index(in depth: ColorDepth) -> UInt8? {
        switch (self, depth) {
        case (.default, _), (_, .monochrome): nil
        case (.indexed(let index), .eight) where index < 16: index % 8
        case (.indexed(let index), .eight): Self.nearest(to: Self.components(of: index), in: 0...7)
        case (.indexed(let index), .sixteen) where index > 15: Self.nearest(to: Self.components(of: index), in: 0...15)
        case (.indexed(let index), _): index
        case (.rgb(let red, let green, let blue), .eight): Self.nearest(to: (red, green, blue), in: 0...7)
        case (.rgb(let red, let green, let blue), .sixteen): Self.nearest(to: (red, green, blue), in: 0...15)
        // The first 16 entries are the user's to choose, so a colour that means itself avoids them.
        case (.rgb(let red, let green, let blue), _): Self.paletteIndex(red, green, blue)
        }
    }

    /// The nearest of the 6×6×6 cube and the 24 greys.
    static func paletteIndex(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        let cube = 16 + 36 * cubeStep(red) + 6 * cubeStep(green) + cubeStep(blue)
        let mean = (Int(red) + Int(green) + Int(blue)) / 3
        let grey = UInt8(232 + min(23, max(0, (mean - 3) / 10)))
        let target = (red, green, blue)
        return distance(components(of: grey), target) < distance(components(of: cube), target) ? grey : cube
    }

    private static let cubeLevels: [UInt8] = [0, 95, 135, 175, 215, 255]

    private static func cubeStep(_ value: UInt8) -> UInt8 {
        value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40
    }

    private static func nearest(to color: (UInt8, UInt8, UInt8), in indices: ClosedRange<UInt8>) -> UInt8 {
        indices.min { distance(components(of: $0), color) < distance(components(of: $1), color) } ?? 0
    }

    static func distance(_ one: (UInt8, UInt8, UInt8), _ other: (UInt8, UInt8, UInt8)) -> Int {
        let red = Int(one.0) - Int(other.0)
        let green = Int(one.1) - Int(other.1)
        let blue = Int(one.2) - Int(other.2)
        return 2 * red * red + 4 * green * green + 3 * blue * blue
    }

    /// The red, green and blue that xterm shows; nil for the terminal's own colour.
    var components: (red: UInt8, green: UInt8, blue: UInt8)? {
        switch self {
        case .default: nil
        case .indexed(let index): Self.components(of: index)
        case .rgb(let red, let green, let blue): (red, green, blue)
        }
    }

    /// The colour of an entry of xterm's palette.
    private static func components(of index: UInt8) -> (UInt8, UInt8, UInt8) {
        switch index {
        case 7: return (229, 229, 229)
        case 8: return (127, 127, 127)
        case 0..<16:
            let bright: UInt8 = index > 8 ? 255 : 205
            return (index & 1 != 0 ? bright : 0, index & 2 != 0 ? bright : 0, index & 4 != 0 ? bright : 0)
        case 16..<232:
            let step = Int(index) - 16
            return (cubeLevels[step / 36], cubeLevels[step / 6 % 6], cubeLevels[step % 6])
        default:
            let level = 8 + 10 * (index - 232)
            return (level, level, level)
        }
    }
}
