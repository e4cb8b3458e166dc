import Foundation
import Terminal

/// What a session of the playground begins with.
public struct Options: Sendable, Equatable {
    /// The folder of the pack.
    public var pack: URL
    /// The picture to steer.
    public var picture: URL
    /// Where the networks run, for instance "auto" or "cuda:0".
    public var device: String
    /// In what precision, for instance "auto" or "bfloat16".
    public var dataType: String
    /// How pictures are shown; nil takes the best that the terminal answers it can do.
    public var graphics: GraphicsProtocol?
    /// Whether the mouse moves sliders.
    public var usesMouse: Bool

    public init(
        pack: URL, picture: URL, device: String = "auto", dataType: String = "auto", graphics: GraphicsProtocol? = nil,
        usesMouse: Bool = true
    ) {
        self.pack = pack
        self.picture = picture
        self.device = device
        self.dataType = dataType
        self.graphics = graphics
        self.usesMouse = usesMouse
    }
}
