import Pictures
import Steering

/// What the engine's events do.
extension State {
    /// Handles an event, unless it comes too late.
    mutating func receive(_ event: EngineEvent) -> [Effect] {
        guard let pending = requests.pending(for: event) else { return [] }
        switch event.kind {
        case .progress(let progress): return note(progress, of: pending.request)
        case .finished(let result):
            requests.remove(event.id)
            switch result {
            case .success(let answer): return take(answer)
            case .failure(let failure): return fail(failure)
            }
        }
    }

    private mutating func take(_ answer: EngineAnswer) -> [Effect] {
        switch answer {
        case .opened(let pack): return open(pack)
        case .analysed(let analysis, let opened): return begin(analysis, opened)
        case .lookedAt(let name, let features): return take(Donor(name: name, features: features))
        case .rendered(let picture, let seconds): return finishRender(picture, seconds: seconds)
        case .icon(let feature, let picture): return keep(picture, asIconOf: feature)
        case .listed(let query, let page): return take(page, for: query)
        case .alike(let feature, let page): return group(feature, with: page)
        case .direction(let direction): return add(direction)
        case .foundGroups(let groups): return add(found: groups)
        case .described(let features):
            for feature in features { self.features.list.remember(feature.feature) }
            return []
        case .listedGroups(let groups): return show(saved: groups)
        case .savedGroup(let name): return inform("Saved the group \"\(name)\".")
        case .named(let step):
            features.take(step)
            return []
        }
    }

    mutating func open(_ pack: PackSummary) -> [Effect] {
        self.pack = pack
        features.naming = Naming()
        history = History(Work(settings: Settings(sampling: Sampling(steps: pack.steps))))
        phase = .analysing(nil)
        return ask(.analyse(.file(options.picture)))
    }

    /// Starts on another picture, with the edits of the recipe that was opened or of earlier in the session.
    mutating func begin(_ analysis: AnalysisSummary, _ opened: OpenedPicture) -> [Effect] {
        let stop = cancelRender()
        let isFirst = source == nil
        if let source, history.isWorthKeeping { histories[source.reference] = history }
        self.analysis = analysis
        source = opened.source
        openedFile = opened.file
        place = opened.place
        phase = .ready
        letGo()
        forgetClick()
        features.begin(analysis, count: pack?.featureCount ?? 0)
        pictures.begin()
        takeUpHistory(of: opened)
        if isFirst, opened.session != nil { resumed = session }
        renders.isResting = true
        renders.shown = request(.full).flatMap { renders.cache.picture(for: key(of: $0)) }.map {
            Renders.Shown(picture: $0, isDraft: false)
        }
        return stop + hint(analysis, opened) + continueRendering()
    }

    /// Restores the earlier work on a picture; opening a recipe of it is a change that can be undone.
    private mutating func takeUpHistory(of opened: OpenedPicture) {
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

    /// The work to start with on a new picture: no edits, and the present settings.
    private mutating func newWork() -> Work {
        var settings = self.settings
        if settings.beginsWithNoise, !isSeedLocked { settings.setSeed(newSeed()) }
        return Work(settings: settings)
    }

    private mutating func hint(_ analysis: AnalysisSummary, _ opened: OpenedPicture) -> [Effect] {
        if let recipe = opened.recipe, let warning = pack?.warning(about: recipe) { return inform(warning) }
        if opened.isOtherPicture { return inform("The picture has changed since this recipe was made.") }
        if let reconstruction = analysis.reconstruction, reconstruction.isPoor {
            return inform("The autoencoder explains \(reconstruction.percent) of this picture: its features say little about it.")
        }
        return analysis.isCropped ? inform("The picture is not square: its features describe the centre.") : []
    }

    private mutating func note(_ progress: WorkProgress, of request: EngineRequest) -> [Effect] {
        switch request {
        case .open: phase = .opening(progress)
        case .analyse: phase = .analysing(progress)
        case .render: return note(progress)
        case .lookAt, .makeIcon, .list, .findAlike, .makeDirection, .findGroups, .listGroups, .saveGroup, .describe, .nameFeatures: break
        }
        return []
    }

    private mutating func finishRender(_ picture: Picture, seconds: Double) -> [Effect] {
        renders.finish(with: picture, seconds: seconds)
        return continueRendering() + exportIfWaiting()
    }

    private mutating func keep(_ picture: Picture, asIconOf feature: Int) -> [Effect] {
        features.icons.finish(feature, picture)
        return []
    }

    private mutating func fail(_ failure: EngineFailure) -> [Effect] {
        switch failure.request {
        case .analyse where analysis != nil:
            // The picture that was open stays open.
            phase = .ready
            return complain(failure.reason) + continueRendering()
        case .open, .analyse: phase = .failed(failure.reason)
        case .render:
            renders.running = nil
            waitingExport = nil
            return complain(failure.reason)
        case .makeIcon: features.icons.fail()
        case .nameFeatures: features.naming.fail()
        // Features without labels can be edited as well, and those of the picture without the library.
        case .describe: break
        case .list where overlays.first(Browser.self) == nil: features.list.doWithoutLibrary()
        case .lookAt, .list, .findAlike, .makeDirection, .findGroups, .listGroups, .saveGroup: return complain(failure.reason)
        }
        return []
    }
}
