/// A subject's drawing, in a square from −1 to 1.
struct Sprite: Sendable {
    /// What a part is painted with.
    enum Paint: Sendable {
        /// The scene's colour, with its stripes when it has any.
        case body
        /// A darker tone of the scene's colour.
        case shade
        case cream, ink, wood
    }

    struct Part: Sendable {
        let shape: Shape
        let paint: Paint

        init(_ paint: Paint, _ shape: Shape) {
            self.shape = shape
            self.paint = paint
        }
    }

    /// From the back to the front.
    let parts: [Part]
    /// All parts together.
    let outline: Shape

    init(_ parts: Part...) {
        self.parts = parts
        outline = .union(parts.map(\.shape))
    }
}
