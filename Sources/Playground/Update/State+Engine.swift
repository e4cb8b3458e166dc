import Pictures
import Steering

/// What the engine's events do.
extension State {
    mutating func open(_ pack: PackSummary) -> [Effect] {
        self.pack = pack
        phase = .analysing(nil)
        return [.analyse]
    }

    mutating func begin(_ analysis: AnalysisSummary) -> [Effect] {
        self.analysis = analysis
        phase = .ready
        list = FeatureList(analysis.features)
        renders.isResting = true
        let hint = analysis.isCropped ? inform("The picture is not square: its features are those of its centre.") : []
        return hint + continueRendering()
    }

    mutating func note(_ progress: WorkProgress, of job: Job) -> [Effect] {
        switch (job, phase) {
        case (.opening, .opening): phase = .opening(progress)
        case (.analysing, .analysing): phase = .analysing(progress)
        case (.rendering(let id), _) where id == renders.running?.id:
            return note(progress)
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
        switch job {
        case .opening, .analysing: phase = .failed(reason)
        case .rendering(let id):
            guard renders.running?.id == id else { return [] }
            renders.running = nil
            isExportWaiting = false
            notice = .error(reason)
        case .exporting: notice = .error(reason)
        }
        return []
    }
}
