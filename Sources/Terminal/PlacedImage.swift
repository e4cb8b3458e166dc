/// An encoded picture and the cells it covers.
public struct PlacedImage: Sendable {
    public var rectangle: Rectangle
    /// What `SixelEncoder` or `BlockEncoder` made.
    public var bytes: [UInt8]
    /// Changes whenever the bytes do; an image with the identity that is already on the screen is not sent again.
    public var identity: Int

    public init(_ rectangle: Rectangle, bytes: [UInt8], identity: Int) {
        self.rectangle = rectangle
        self.bytes = bytes
        self.identity = identity
    }

    /// Whether it looks the same in the same place.
    func isShown(as other: PlacedImage) -> Bool {
        identity == other.identity && rectangle == other.rectangle
    }
}
