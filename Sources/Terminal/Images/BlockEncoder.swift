/// Draws pictures with characters: two pixels per cell as a half block over a background, or one by its brightness.
public struct BlockEncoder: Sendable {
    private let depth: ColorDepth
    private let isUnicode: Bool
    private let isOnLight: Bool

    /// - Parameters:
    ///   - depth: the colours to use; `.monochrome` draws ASCII characters by brightness.
    ///   - isUnicode: whether `▀` can be shown; without it a cell is one pixel.
    ///   - isOnLight: whether characters are dark on a light background.
    public init(depth: ColorDepth, isUnicode: Bool, isOnLight: Bool = false) {
        self.depth = depth
        self.isUnicode = isUnicode
        self.isOnLight = isOnLight
    }

    private var isHalved: Bool { isUnicode && depth > .monochrome }

    /// The bytes that fill a rectangle of the screen with a picture, scaled to it.
    public func encode(_ image: RasterImage, in rectangle: Rectangle) -> [UInt8] {
        rows(of: image, in: rectangle).flatMap(\.self)
    }

    /// The same, row by row.
    func rows(of image: RasterImage, in rectangle: Rectangle) -> [[UInt8]] {
        guard !rectangle.isEmpty else { return [] }
        let scaled = image.scaled(toWidth: rectangle.columns, height: rectangle.rows * (isHalved ? 2 : 1))
        return (0..<rectangle.rows).map { row in
            var output = "\u{1B}[\(rectangle.row + row + 1);\(rectangle.column + 1)H"
            appendRow(row, of: scaled, to: &output)
            return Array((output + "\u{1B}[0m").utf8)
        }
    }

    private func appendRow(_ row: Int, of image: RasterImage, to output: inout String) {
        var last = ""
        for column in 0..<image.width {
            let (colors, character) = cell(column, row, of: image)
            if colors != last { output += colors }
            last = colors
            output += character
        }
    }

    private func cell(_ column: Int, _ row: Int, of image: RasterImage) -> (colors: String, character: String) {
        if depth == .monochrome { return ("", character(for: image.color(x: column, y: row))) }
        guard isHalved else { return ("\u{1B}[\(code(image.color(x: column, y: row), base: 40))m", " ") }
        let upper = code(image.color(x: column, y: 2 * row), base: 30)
        let lower = code(image.color(x: column, y: 2 * row + 1), base: 40)
        return ("\u{1B}[\(upper);\(lower)m", "▀")
    }

    /// The SGR parameters of a colour; `base` is 30 for the foreground, 40 for the background.
    private func code(_ color: (red: UInt8, green: UInt8, blue: UInt8), base: Int) -> String {
        if depth == .full { return "\(base + 8);2;\(color.red);\(color.green);\(color.blue)" }
        let index = Color.rgb(color.red, color.green, color.blue).index(in: depth) ?? 0
        if depth == .palette { return "\(base + 8);5;\(index)" }
        return index < 8 ? "\(base + Int(index))" : "\(base + 60 + Int(index) - 8)"
    }

    /// Darkest first, as seen on a dark screen.
    private static let ramp = Array(" .:-=+*#%@").map(String.init)

    private func character(for color: (red: UInt8, green: UInt8, blue: UInt8)) -> String {
        let luminance = (299 * Int(color.red) + 587 * Int(color.green) + 114 * Int(color.blue)) / 1000
        let brightness = isOnLight ? 255 - luminance : luminance
        return Self.ramp[brightness * Self.ramp.count / 256]
    }
}
