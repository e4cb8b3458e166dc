import Foundation
import Steering
import Terminal

/// The status line: what is being done, and with what.
extension Painter {
    private static let leastFactColumns = 12

    mutating func drawStatus(_ state: State, row: Int) {
        let columns = canvas.size.columns
        let (text, style) = statusText(state)
        let used = write(text, column: 1, row: row, columns: columns - 2, style: style)
        // A sentence counts more than the facts, which have what it leaves.
        let room = columns - used - 5
        if room >= Self.leastFactColumns {
            write(state.facts.joined(separator: " · "), endingAt: columns - 1, row: row, columns: room, style: theme.faint)
        }
    }
}

extension Painter {
    /// The value of the slider that is dragged, a notice, what the pointer is over, or what is being done.
    private func statusText(_ state: State) -> (String, Style) {
        if let held = state.features.grip.held ?? state.edits.grip.held, let text = state.description(of: held) {
            return (text, theme.changed)
        }
        if let notice = state.notice { return (notice.text, notice.isError ? theme.error : theme.title) }
        if let hovered = state.hovered, let text = state.description(of: hovered) { return (text, theme.text) }
        return (state.activity, theme.text)
    }
}

extension State {
    /// A slider's name and value in full; nil when it is gone.
    fileprivate func description(of handle: Handle) -> String? {
        switch handle {
        case .feature(let index): features.list[index].map(description)
        case .strength(let part):
            stack.strength(of: part).map { "\(name(of: part)) · strength \(Int(($0 * 100).rounded())) %" }
        }
    }

    private func description(of feature: Feature) -> String {
        let value = value(of: feature)
        let usual = feature.usual.map { ["usual \($0.short)"] } ?? []
        let maximum = feature.maximum.map { ["max \($0.short)\(abs(value) > $0 ? ": beyond what the library has seen" : "")"] } ?? []
        return (["\(feature.name) \(value.short)", "picture \(feature.activation.short)"] + usual + maximum).joined(separator: " · ")
    }

    private func name(of part: EditPart) -> String {
        switch part {
        case .edit(let id): stack[edit: id].map(name) ?? ""
        case .group(let id): stack[group: id]?.name ?? ""
        }
    }

    /// What an edit changes.
    func name(of edit: Edit) -> String {
        edit.direction?.name ?? edit.feature.map { features.list[$0]?.name ?? "feature \($0)" } ?? ""
    }

    /// What is being done, in a few words.
    var activity: String {
        switch phase {
        case .opening(let progress): return "loading the pack\(progress.described)"
        case .analysing(let progress): return "\(progress.work ?? "analysing the picture")\(progress.described)"
        case .failed: return pack == nil ? "press q to quit; fader doctor tells more" : "press o to open another picture, q to quit"
        case .ready: break
        }
        if let words = requests.words { return words }
        guard let running = renders.running else { return "ready" }
        let work = running.progress.work ?? (running.quality == .full ? "rendering" : "drafting")
        return work + running.progress.described
    }

    /// The facts at its right end: timings, settings, fit, device and pack.
    fileprivate var facts: [String] {
        guard let pack else { return [options.pack.lastPathComponent] }
        let seconds = renders.lastFullSeconds.map { [String(format: "%.2f s", $0)] } ?? []
        let fit = analysis?.reconstruction.map { ["\($0.percent) explained, cosine \($0.cosine.short), \($0.activeCount) active"] } ?? []
        return [features.naming.words].compactMap(\.self) + seconds + choices(pack) + fit + ["\(pack.device) \(pack.dataType)", pack.name]
    }

    /// Settings that are not what the pack proposes.
    private func choices(_ pack: PackSummary) -> [String] {
        let sampling = settings.sampling
        let steps = sampling.steps == pack.steps ? [] : ["\(sampling.steps) steps"]
        let guidance = sampling.guidance == 1 ? [] : ["guidance \(Float(sampling.guidance).short)"]
        let seed = settings.beginsWithNoise ? ["seed \(settings.seed)\(isSeedLocked ? " locked" : "")"] : []
        let inversion = sampling.inversion == .plain && !settings.beginsWithNoise ? ["plain inversion"] : []
        return steps + guidance + seed + inversion
    }
}

extension Reconstruction {
    /// The share that is explained, as it is shown.
    var percent: String { "\(Int((explained * 100).rounded())) %" }
}

extension WorkProgress? {
    /// How far it is: loading counts megabytes, all else steps.
    fileprivate var described: String {
        guard let progress = self else { return "" }
        let done = progress.stage == .loading ? "\(progress.step) of \(progress.count) MB" : "step \(progress.step)/\(progress.count)"
        return ", \(done)" + (progress.secondsLeft.map { ", \(Int($0.rounded(.up))) s left" } ?? "")
    }

    /// What is done on the way to a picture; nil when it is the picture itself.
    fileprivate var work: String? {
        switch self?.stage {
        case .loading: "loading networks"
        case .inverting: "inverting the picture"
        case .embedding, .rendering, .checking, nil: nil
        }
    }
}
