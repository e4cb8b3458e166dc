import Foundation
import Terminal

/// The settings that a session of the playground starts with.
public struct Options: Sendable, Equatable {
    /// The folder of the pack.
    public var pack: URL
    /// The picture to steer, or a recipe or a session that names it.
    public var picture: URL
    /// Where the networks run, for instance "auto" or "cuda:0".
    public var device: String
    /// The number type, for instance "auto" or "bfloat16".
    public var dataType: String
    /// How pictures are drawn; nil picks the best protocol that the terminal reports.
    public var graphics: GraphicsProtocol?
    /// Whether the mouse moves sliders.
    public var usesMouse: Bool
    /// The file that the session is saved to as it goes on; nil saves nothing.
    public var sessionFile: URL?
    /// The folder of the queue of jobs; nil where there is no place for one.
    public var jobs: URL?
    /// The path of the home folder, which `~` stands for in typed paths.
    public var home: String
    /// The keys and colours that the user chose.
    public var configuration: Configuration

    public init(
        pack: URL, picture: URL, device: String = "auto", dataType: String = "auto", graphics: GraphicsProtocol? = nil,
        usesMouse: Bool = true, sessionFile: URL? = nil, jobs: URL? = nil, home: String = Options.defaultHome,
        configuration: Configuration = Configuration()
    ) {
        self.pack = pack
        self.picture = picture
        self.device = device
        self.dataType = dataType
        self.graphics = graphics
        self.usesMouse = usesMouse
        self.sessionFile = sessionFile
        self.jobs = jobs
        self.home = home
        self.configuration = configuration
    }

    /// `$HOME`, or what the system has on record where that is not set.
    public static var defaultHome: String {
        let named = ProcessInfo.processInfo.environment["HOME", default: ""]
        return named.isEmpty ? NSHomeDirectory() : named
    }
}
