import Pictures
import Terminal

/// What the screen shall show: text, and pictures over parts of it.
struct Frame: Sendable, Equatable {
    var canvas: Canvas
    var pictures: [PlacedPicture] = []
}

/// A picture and where it goes.
struct PlacedPicture: Sendable, Equatable {
    var picture: Picture
    var rectangle: Rectangle
    /// Whether more is to come soon, so that speed counts more than colours.
    var isDraft: Bool
}
