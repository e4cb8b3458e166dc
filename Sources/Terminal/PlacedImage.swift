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

    /// Whether it covers every pixel that another one left: the same cells, drawn the same way in the same size.
    func covers(_ other: PlacedImage) -> Bool {
        rectangle == other.rectangle && header == other.header
    }

    /// What a sixel string says before its first colour: its pixel size. Empty for images of characters, which fill their cells.
    private var header: ArraySlice<UInt8> {
        bytes.starts(with: [0x1B, UInt8(ascii: "P")]) ? bytes.prefix { $0 != UInt8(ascii: "#") } : []
    }

    /// Whether it looks the same in the same place.
    func isShown(as other: PlacedImage) -> Bool {
        identity == other.identity && rectangle == other.rectangle
    }
}
