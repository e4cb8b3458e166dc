/// The frame that a border draws around the picture.
struct SceneFrame {
    /// The width of every frame, in parts of the picture's side.
    static let width: Float = 0.045
    private static let lineWidth: Float = 0.012

    private let colour, line: RGB
    private let rounding: Float

    init?(_ border: Scene.Border) {
        switch border {
        case .none:
            return nil
        case .white:
            (colour, line, rounding) = (RGB(0xFFFFFF), RGB(0x9AA0AC), 0)
        case .black:
            (colour, line, rounding) = (RGB(0x14121A), RGB(0xE8E4DC), 0)
        case .gold:
            (colour, line, rounding) = (RGB(0xE0A820), RGB(0x8A5A10), 0.14)
        }
    }

    func paint(on canvas: inout SceneCanvas) {
        fillOutside(of: Self.width + Self.lineWidth, on: &canvas, with: line)
        fillOutside(of: Self.width, on: &canvas, with: colour)
    }

    private func fillOutside(of width: Float, on canvas: inout SceneCanvas, with colour: RGB) {
        let opening = Shape.box(Point(0.5, 0.5), half: Point(0.5 - width, 0.5 - width), rounding: rounding)
        canvas.fill(.outside(opening), with: colour)
    }
}
