import Steering

/// When to render: a preview at once, all steps when the sliders rest, and nothing that is cached.
extension State {
    private static let restSeconds = 0.15

    /// Shows the present edits; every change of the stack ends here.
    mutating func showEdits() -> [Effect] {
        guard let full = request(.full), let preview = request(.preview) else { return [] }
        renders.isResting = false
        if let picture = renders.cache.picture(for: key(of: full)) {
            renders.shown = Renders.Shown(picture: picture, isDraft: false)
            return cancelRender() + [.stopTimer(.rest)] + exportIfWaiting()
        }
        let rest = Effect.startTimer(.rest, seconds: Self.restSeconds)
        if let picture = renders.cache.picture(for: key(of: preview)) {
            renders.shown = Renders.Shown(picture: picture, isDraft: true)
            return cancelRender() + [rest]
        }
        renders.shown?.isOutdated = true
        guard renders.runningMayGoOn else { return cancelRender() + continueRendering() + [rest] }
        renders.running?.isSuperseded = true
        return [rest]
    }

    /// Starts the next render, unless one is running.
    mutating func continueRendering() -> [Effect] {
        guard renders.running == nil, let full = request(.full), let preview = request(.preview), !renders.cache.contains(key(of: full))
        else {
            return []
        }
        let hasPreview = renders.cache.contains(key(of: preview))
        // A pack of few steps has no shorter preview.
        if renders.isResting || preview.sampling == full.sampling {
            return start(full, .full, previews: !hasPreview)
        }
        return hasPreview ? [] : start(preview, .preview, previews: !renders.previewsArePrompt)
    }

    private mutating func start(_ request: RenderRequest, _ quality: Renders.Quality, previews: Bool) -> [Effect] {
        renders.start(key(of: request), quality)
        return ask(.render(request, previews: previews))
    }

    /// Records the progress of the running render; a superseded one that ran on for its inversion ends with that.
    mutating func note(_ progress: WorkProgress) -> [Effect] {
        let wasInverting = renders.running?.isInverting == true
        renders.running?.progress = progress
        if wasInverting, progress.stage == .rendering, renders.running?.isSuperseded == true {
            return cancelRender() + continueRendering()
        }
        if let preview = progress.preview { renders.shown = Renders.Shown(picture: preview, isDraft: true) }
        return []
    }

    mutating func cancelRender() -> [Effect] {
        guard renders.running != nil else { return [] }
        renders.running = nil
        return cancel { if case .render = $0 { true } else { false } }
    }
}
