import Foundation
import Terminal

/// What a session of the playground begins with.
public struct Options: Sendable, Equatable {
    /// The folder of the pack.
    public var pack: URL
    /// The picture to steer, or a recipe or a session that names it.
    public var picture: URL
    /// Where the networks run, for instance "auto" or "cuda:0".
    public var device: String
    /// In what precision, for instance "auto" or "bfloat16".
    public var dataType: String
    /// How pictures are shown; nil takes the best that the terminal answers it can do.
    public var graphics: GraphicsProtocol?
    /// Whether the mouse moves sliders.
    public var usesMouse: Bool
    /// Where the session is saved while it goes on; nil saves none.
    public var sessionFile: URL?
    /// The path of the home folder, which `~` stands for in typed paths.
    public var home: String
    /// The keys and colours that the user chose.
    public var configuration: Configuration

    public init(
        pack: URL, picture: URL, device: String = "auto", dataType: String = "auto", graphics: GraphicsProtocol? = nil,
        usesMouse: Bool = true, sessionFile: URL? = nil, home: String = Options.defaultHome, configuration: Configuration = Configuration()
    ) {
        self.pack = pack
        self.picture = picture
        self.device = device
        self.dataType = dataType
        self.graphics = graphics
        self.usesMouse = usesMouse
        self.sessionFile = sessionFile
        self.home = home
        self.configuration = configuration
    }

    /// `$HOME`, or what the system has on record where that is not set.
    public static var defaultHome: String {
        let named = ProcessInfo.processInfo.environment["HOME", default: ""]
        return named.isEmpty ? NSHomeDirectory() : named
    }
}
