import Pictures

/// The visible part of the pictures, by zoom and position.
struct Viewport: Sendable, Equatable {
    private static let zooms = [1, 1.5, 2, 3, 4, 6, 8]

    private(set) var zoom = 1.0
    /// The centre of the visible part, as shares of width and height.
    private(set) var x = 0.5, y = 0.5

    mutating func zoom(in isCloser: Bool) {
        let next = isCloser ? Self.zooms.first { $0 > zoom } : Self.zooms.last { $0 < zoom }
        zoom = next ?? zoom
        keepInside()
    }

    /// Moves by shares of what is visible.
    mutating func pan(x: Double = 0, y: Double = 0) {
        self.x += x / zoom
        self.y += y / zoom
        keepInside()
    }

    /// What is visible of a picture.
    func part(of picture: Picture) -> Picture {
        guard zoom > 1 else { return picture }
        let width = Self.length(picture.width, zoom)
        let height = Self.length(picture.height, zoom)
        let left = Self.start(x, width, of: picture.width)
        let top = Self.start(y, height, of: picture.height)
        // The rectangle is inside by construction; if it were not, the whole picture would be shown.
        return (try? picture.cropped(x: left, y: top, width: width, height: height)) ?? picture
    }

    private mutating func keepInside() {
        let margin = 0.5 / zoom
        x = min(max(x, margin), 1 - margin)
        y = min(max(y, margin), 1 - margin)
    }

    private static func length(_ side: Int, _ zoom: Double) -> Int { max(1, Int((Double(side) / zoom).rounded())) }

    private static func start(_ center: Double, _ length: Int, of side: Int) -> Int {
        min(max(Int((center * Double(side) - Double(length) / 2).rounded()), 0), side - length)
    }
}
