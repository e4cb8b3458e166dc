import Pictures
import Steering

/// The steered picture: what is shown, what is being rendered, and what is cached.
struct Renders: Sendable, Equatable {
    enum Quality: Sendable, Equatable {
        /// A few steps, for an answer while the slider moves.
        case preview
        /// All steps, once the sliders rest.
        case full
    }

    struct Running: Sendable, Equatable {
        /// What its picture will be kept under.
        let key: RenderRequest.Key
        let quality: Quality
        var progress: WorkProgress?
        /// Whether the edits are others by now, and it goes on only for what it does on the way.
        var isSuperseded = false

        /// Whether it is still at what every later render needs as well.
        var isInverting: Bool { progress?.stage == .inverting }
    }

    struct Shown: Sendable, Equatable {
        var picture: Picture
        /// Whether it was made in fewer steps than it could be.
        var isDraft: Bool
        /// Whether the edits have changed since.
        var isOutdated = false

        var isFinished: Bool { !isDraft && !isOutdated }
    }

    /// Previews that take longer than this many seconds are cancelled by the next movement; quicker ones may finish.
    private static let quickPreview = 0.5
    /// Previews that take longer than this many seconds are shown as they grow: an answer is to come within a fifth of a second.
    private static let promptPreview = 0.15

    var running: Running?
    var shown: Shown?
    var cache = RenderCache()
    /// Whether the sliders have not moved for a moment.
    var isResting = false
    /// How long the last full render took, in seconds.
    var lastFullSeconds: Double?
    private var lastPreviewSeconds: Double?

    mutating func start(_ key: RenderRequest.Key, _ quality: Quality) { running = Running(key: key, quality: quality) }

    /// Takes in the running render's picture.
    mutating func finish(with picture: Picture, seconds: Double) {
        guard let done = running else { return }
        running = nil
        cache.insert(picture, for: done.key)
        shown = Shown(picture: picture, isDraft: done.quality != .full, isOutdated: done.isSuperseded)
        if done.quality == .full { lastFullSeconds = seconds } else { lastPreviewSeconds = seconds }
    }

    /// Whether previews are so quick that their steps need not be shown.
    var previewsArePrompt: Bool { (lastPreviewSeconds ?? .infinity) <= Self.promptPreview }

    private var previewsAreQuick: Bool { (lastPreviewSeconds ?? .infinity) <= Self.quickPreview }

    /// Whether a movement leaves the running render alone.
    ///
    /// Were every preview cancelled by the next step, a held key would starve the picture; and a cancelled inversion begins anew.
    var runningMayGoOn: Bool {
        guard let running else { return false }
        return running.isInverting || running.quality == .preview && previewsAreQuick
    }
}
