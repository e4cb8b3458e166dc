import Pictures
import Steering

/// What the engine's events do.
extension State {
    mutating func open(_ pack: PackSummary) -> [Effect] {
        self.pack = pack
        history = History(Work(settings: Settings(sampling: Sampling(steps: pack.steps))))
        phase = .analysing(nil)
        return [.analyse(options.picture)]
    }

    /// Takes up another picture, and what was made of it if that was opened or is known from before.
    mutating func begin(_ analysis: AnalysisSummary, _ opened: Opened) -> [Effect] {
        let stop = cancelRender()
        let isFirst = source == nil
        if let source, history.isWorthKeeping { histories[source.reference] = history }
        self.analysis = analysis
        source = opened.source
        phase = .ready
        list = FeatureList(analysis.features, count: pack?.featureCount ?? 0, remembering: list.remembered)
        letGo()
        clicked = nil
        takeUpHistory(of: opened)
        if isFirst, opened.session != nil { resumed = session }
        renders.isResting = true
        renders.shown = request(.full).flatMap { renders.cache.picture(for: $0) }.map { Renders.Shown(picture: $0, isDraft: false) }
        comparison.marked = nil
        comparison.viewport = Viewport()
        return stop + hint(analysis, opened) + continueRendering()
    }

    /// Goes on with what was made of a picture before; what a recipe says of it is a change that can be undone.
    private mutating func takeUpHistory(of opened: Opened) {
        for other in opened.session?.others ?? [] {
            if let picture = other.picture { histories[picture] = Self.history(histories[picture], changedTo: Work(other)) }
        }
        let known = histories.removeValue(forKey: opened.source.reference)
        if let recipe = opened.recipe {
            history = Self.history(known, changedTo: Work(recipe))
        } else {
            history = known ?? History(newWork())
        }
    }

    private static func history(_ known: History?, changedTo work: Work) -> History {
        guard var history = known else { return History(work) }
        _ = history.change { $0 = work }
        return history
    }

    /// What there is to begin with on a new picture: no edits, and the settings so far.
    private mutating func newWork() -> Work {
        var settings = self.settings
        if settings.beginsWithNoise, !isSeedLocked { settings.setSeed(newSeed()) }
        return Work(settings: settings)
    }

    private mutating func hint(_ analysis: AnalysisSummary, _ opened: Opened) -> [Effect] {
        if notice?.isError == true { return [] }
        if let recipe = opened.recipe, recipe.pack.fingerprint != pack?.fingerprint {
            return inform("This recipe was made with another pack, \(recipe.pack.name): its features mean something else here.")
        }
        if opened.isOtherPicture { return inform("The picture has changed since this recipe was made.") }
        return analysis.isCropped ? inform("The picture is not square: its features are those of its centre.") : []
    }

    mutating func note(_ progress: WorkProgress, of job: Job) -> [Effect] {
        switch (job, phase) {
        case (.opening, .opening): phase = .opening(progress)
        case (.analysing, .analysing): phase = .analysing(progress)
        case (.rendering(let id), _) where id == renders.running?.id: return note(progress)
        default: break
        }
        return []
    }

    mutating func finishRender(_ id: Int, _ picture: Picture, seconds: Double) -> [Effect] {
        guard renders.running?.id == id else { return [] }
        renders.finish(with: picture, seconds: seconds)
        return continueRendering() + exportIfWaiting()
    }

    mutating func fail(_ job: Job, _ reason: String) -> [Effect] {
        awaited[job] = nil
        switch job {
        case .analysing where analysis != nil:
            // The picture that was there is still good.
            phase = .ready
            notice = .error(reason)
            return continueRendering()
        case .opening, .analysing: phase = .failed(reason)
        case .rendering(let id):
            guard renders.running?.id == id else { return [] }
            renders.running = nil
            waitingExport = nil
            notice = .error(reason)
        case .exporting, .browsing, .findingAlike, .findingGroups, .lookingAtDonor, .makingDirection: notice = .error(reason)
        case .makingIcon: icons.fail()
        case .saving:
            // Said once: it would come again with every change.
            if !hasSavingFailed { notice = .error(reason) }
            hasSavingFailed = true
        }
        return []
    }
}
