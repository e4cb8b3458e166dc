import Steering
import Terminal

/// Everything the playground knows: the views read it, `update` alone changes it.
struct State: Sendable, Equatable {
    let options: Options
    var display: Display
    /// How pictures are shown; always one that the display offers.
    var graphics: GraphicsProtocol
    var phase = Phase.opening(nil)
    var pack: PackSummary?
    var analysis: AnalysisSummary?
    var list = FeatureList()
    var history = History()
    var renders = Renders()
    var entry: Entry?
    var drag: Drag?
    /// The feature on whose slider the mouse clicked a moment ago.
    var clicked: Int?
    var notice: Notice?
    /// Whether the original stands in the steered picture's place.
    var showsBefore = false
    var showsHelp = false
    /// Whether the picture is to be saved as soon as it is finished.
    var isExportWaiting = false

    init(options: Options, display: Display) {
        self.options = options
        self.display = display
        graphics = Self.graphics(for: display, options: options)
    }

    /// The way of showing pictures to begin with.
    static func graphics(for display: Display, options: Options) -> GraphicsProtocol {
        if let wanted = options.graphics, display.graphics.contains(wanted) { return wanted }
        return display.graphics.first ?? .ascii
    }

    var layout: Layout { Layout(display: display, picture: analysis?.picture) }

    /// The edits made so far.
    var stack: EditStack { history.stack }

    /// A feature's activation after all edits.
    func value(of feature: Feature) -> Float { stack.value(of: feature.index, from: feature.activation) }

    /// What has to be made to show the present edits; nil before there is a picture.
    func request(_ quality: Renders.Quality) -> RenderRequest? {
        guard let pack, let analysis else { return nil }
        let changes = stack.changes { list[$0]?.activation ?? 0 }
        return RenderRequest(analysis: analysis.id, changes: changes, sampling: Sampling(steps: Renders.steps(quality, of: pack)))
    }
}
