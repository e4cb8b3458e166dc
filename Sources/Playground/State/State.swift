import Foundation
import Pictures
import Randomness
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
    /// The file of the picture that is steered.
    var source: OpenedPicture.Source?
    /// The file that was opened, which may be a recipe or an export of the picture that is steered.
    var openedFile: URL?
    /// Its place among the pictures of its folder.
    var place: PictureLocation.Place?
    var focus = Focus.features
    var features = FeaturePane()
    var edits = EditPane()
    var pictures = PicturePane()
    var history = History()
    /// The work on the pictures that were open earlier, each with its undo history.
    var histories: [Recipe.PictureReference: History] = [:]
    var renders = Renders()
    /// The picture that features were transferred from last, and the path by which it was named.
    var donor: Donor?
    var donorPath = ""
    /// Whether the picture being analysed is to be subtracted from the donor.
    var looksForOrigin = false
    var overlays = OverlayStack()
    /// The slider that the pointer is over, where the terminal reports its movements.
    var hovered: Handle?
    var notices = Notices()
    var requests = Requests()
    /// Whether new pictures keep the seed.
    var isSeedLocked = false
    /// Part of the state, so that a session can be played again.
    var random: SplitMix64
    /// The export to make as soon as the picture is finished.
    var waitingExport: ExportKind?
    /// The session as it was resumed; its own file still holds it.
    var resumed: Session?
    /// Whether the session has been saved in this run.
    var hasSaved = false
    /// Whether the session is about to be saved.
    var isSavePending = false
    /// Whether the user has been told that the session cannot be saved.
    var hasSavingFailed = false

    init(options: Options, display: Display, random: SplitMix64 = SplitMix64(seed: 1)) {
        self.options = options
        self.display = display
        self.random = random
        graphics = Self.graphics(for: display, options: options)
    }

    /// The graphics protocol to start with.
    static func graphics(for display: Display, options: Options) -> GraphicsProtocol {
        if let wanted = options.graphics, display.graphics.contains(wanted) { return wanted }
        return display.graphics.first ?? .ascii
    }

    var layout: Layout {
        Layout(
            display: display, picture: analysis?.picture, comparison: pictures.comparison, editCount: stack.parts.count,
            showsIcons: graphics.showsPixels && !features.icons.pictures.isEmpty)
    }

    var bindings: Bindings { options.configuration.bindings }

    /// The picture that the steered one is compared with.
    var pictureBefore: Picture? { pictures.before(self) }

    /// The edits made so far.
    var stack: EditStack { history.work.stack }

    var settings: Settings { history.work.settings }

    /// A feature's activation after all edits.
    func value(of feature: Feature) -> Float { stack.value(of: feature.index, from: feature.activation) }

    /// The render that shows the present edits; nil before there is a picture.
    func request(_ quality: Renders.Quality) -> RenderRequest? {
        guard let pack, let analysis else { return nil }
        var sampling = settings.sampling
        if quality == .preview { sampling.steps = min(pack.previewSteps, sampling.steps) }
        return RenderRequest(.picture(analysis.id), stack: stack, sampling: sampling)
    }

    /// The render that shows the picture without edits; nil before there is a picture.
    var uneditedRequest: RenderRequest? { analysis.map { RenderRequest(.picture($0.id), stack: EditStack(), sampling: settings.sampling) } }

    /// The key under which the request's picture is cached.
    func key(of request: RenderRequest) -> RenderRequest.Key { request.key { features.list[$0]?.activation ?? 0 } }

    /// The recipe of the present picture; nil before there is one.
    var recipe: Recipe? { source.flatMap { recipe(of: $0.reference, work: history.work) } }

    private func recipe(of picture: Recipe.PictureReference, work: Work) -> Recipe? {
        guard let pack else { return nil }
        return Recipe(
            pack: pack.reference, picture: picture, sampling: work.settings.sampling,
            stack: work.stack)
    }

    /// The session to save; nil before there is a picture.
    var session: Session? {
        guard let pack, let recipe else { return nil }
        let others = histories.sorted { $0.key.path < $1.key.path }.compactMap { self.recipe(of: $0.key, work: $0.value.work) }
        return Session(pack: pack.path, recipe: recipe, others: others)
    }

    /// The session, unless it is still as it was resumed.
    var unsavedSession: Session? { hasSaved || session != resumed ? session : nil }
}

/// How far the session has come.
enum Phase: Sendable, Equatable {
    case opening(WorkProgress?)
    case analysing(WorkProgress?)
    case ready
    /// The pack or the picture cannot be used; the sentence says why.
    case failed(String)
}

/// The list that keys act on.
enum Focus: Sendable, Equatable {
    case features, edits
}

/// What the user asks to save.
enum ExportKind: Sendable, Equatable {
    case picture, pair
}
