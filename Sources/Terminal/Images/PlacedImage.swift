/// An encoded picture and the cells it covers.
public struct PlacedImage: Sendable {
    /// A piece of what draws a picture, small enough that a slow connection carries it at once.
    public struct Part: Sendable {
        /// The row of the rectangle, from 0, at whose first cell the cursor must be.
        public var row: Int
        public var bytes: [UInt8]

        public init(row: Int, bytes: [UInt8]) {
            self.row = row
            self.bytes = bytes
        }
    }

    /// How the picture stays on the screen, which decides how it goes.
    enum Kind: Equatable {
        /// In the cells, to be printed over; the size in pixels, or nil when it consists of characters, which fill their cells.
        case painted(PixelSize?)
        /// Above the cells, under a number by which the terminal is told to remove it.
        case kept(number: Int)
        /// In the cells, to be printed over, and kept under a number by the terminal around tmux.
        case placeholders(number: Int)

        var isInCells: Bool {
            if case .kept = self { false } else { true }
        }

        var isKept: Bool {
            if case .painted = self { false } else { true }
        }
    }

    public var rectangle: Rectangle
    /// What draws it, in this order.
    public var parts: [Part]
    /// Changes whenever the parts do; an image with the identity that is already on the screen is not sent again.
    public var identity: Int
    let kind: Kind

    /// A picture that `SixelEncoder` or `BlockEncoder` made.
    public init(_ rectangle: Rectangle, bytes: [UInt8], identity: Int) {
        self.init(rectangle, painted: [Part(row: 0, bytes: bytes)], identity: identity)
    }

    /// A picture of sixel strings, one below the other, or of characters.
    init(_ rectangle: Rectangle, painted parts: [Part], identity: Int) {
        self.init(rectangle, parts: parts, identity: identity, kind: .painted(Self.size(of: parts)))
    }

    init(_ rectangle: Rectangle, parts: [Part], identity: Int, kind: Kind) {
        self.rectangle = rectangle
        self.parts = parts
        self.identity = identity
        self.kind = kind
    }

    /// Whether it covers every pixel that another one left: the same cells, drawn the same way in the same size.
    func covers(_ other: PlacedImage) -> Bool {
        guard rectangle == other.rectangle else { return false }
        if case (.placeholders, .placeholders) = (kind, other.kind) { return true }
        return kind == other.kind
    }

    /// Whether it looks the same in the same place.
    func isShown(as other: PlacedImage) -> Bool {
        identity == other.identity && rectangle == other.rectangle
    }

    func overlaps(_ other: Rectangle) -> Bool { !rectangle.intersection(other).isEmpty }

    /// The size that sixel strings fill together, by what they say before their first colour.
    private static func size(of parts: [Part]) -> PixelSize? {
        let sizes = parts.compactMap { SixelWriter.size(of: $0.bytes) }
        guard let width = sizes.map(\.width).max() else { return nil }
        return PixelSize(width: width, height: sizes.map(\.height).reduce(0, +))
    }
}
