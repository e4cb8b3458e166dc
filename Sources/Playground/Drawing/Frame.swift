import Pictures
import Terminal

/// What the screen shall show: text, and pictures over parts of it.
struct Frame: Sendable, Equatable {
    var canvas: Canvas
    var pictures: [PlacedPicture] = []
}

/// A picture and where it goes.
struct PlacedPicture: Sendable, Equatable {
    var composition: Composition
    var viewport: Viewport
    var rectangle: Rectangle
    /// Whether more is to come soon, so that speed counts more than colours.
    var isDraft: Bool

    /// The pixels to draw.
    var picture: Picture { composition.picture(in: viewport) }
}
