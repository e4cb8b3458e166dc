import Foundation
import Jobs
import Terminal

/// The queue of jobs: what runs, what waits and what has ended. It is looked at again and again while it is open.
struct JobList: Overlay {
    /// How long it is until the next look, in seconds.
    static let interval = 0.5
    /// How many of those that have ended are listed.
    static let mostEnded = 100

    /// Nil until they are known.
    private(set) var jobs: [Job]?
    /// When they were looked at.
    private(set) var time = Date.distantPast
    private(set) var selection = ListSelection()

    /// Nil when there is none.
    var selected: Job? { jobs.flatMap { $0.indices.contains(selection.row) ? $0[selection.row] : nil } }

    /// Takes what was found; the selection stays with its job.
    mutating func take(_ found: [Job], at time: Date) {
        let id = selected?.id
        jobs = found
        self.time = time
        if let place = found.firstIndex(where: { $0.id == id }) { selection.select(place, count: found.count) }
    }

    mutating func press(_ press: KeyPress, _ state: inout State) -> Response {
        switch (press.key, press.modifiers) {
        case (.enter, _): return open(&state)
        case (.character("x"), []):
            guard let selected else { return .stays() }
            return .stays(selected.state.isFinal ? state.inform("Job \(selected.id) has ended already.") : [.cancelJob(selected.id)])
        default:
            guard let movement = state.movement(of: press) else { return .passed }
            selection.move(movement, count: jobs?.count ?? 0, page: state.layout.jobRows.rows)
            return .stays()
        }
    }

    mutating func point(_ event: MouseEvent, _ state: inout State) -> Response {
        selection.point(event, in: state.layout.jobRows, count: jobs?.count ?? 0)
        return .stays()
    }

    mutating func settle(_ state: inout State) -> [Effect] {
        selection.settle(count: jobs?.count ?? 0, capacity: max(1, state.layout.jobRows.rows))
        return []
    }

    /// Opens the first picture that the selected job has made.
    private func open(_ state: inout State) -> Response {
        guard let selected else { return .stays() }
        let endings = ["png", "jpg", "jpeg", "webp"]
        let picture = selected.result?.files.first { endings.contains(URL(fileURLWithPath: $0).pathExtension.lowercased()) }
        if let picture { return .closes(state.open(path: picture)) }
        return .stays(
            state.inform(selected.state == .completed ? "Job \(selected.id) has made no picture." : "Job \(selected.id) has no result."))
    }
}

extension State {
    /// Opens the list of jobs.
    mutating func openJobs() -> [Effect] {
        guard options.jobs != nil else { return inform("There is no place for the queue of jobs: set $HOME or $XDG_STATE_HOME.") }
        return show(JobList()) + [.listJobs]
    }

    /// Takes what was found in the queue; nothing where the list has been closed.
    mutating func take(_ jobs: [Job], at time: Date) -> [Effect] {
        guard overlays.first(JobList.self) != nil else { return [] }
        overlays.change(JobList.self) { $0.take(jobs, at: time) }
        return [.startTimer(.jobs, seconds: JobList.interval)]
    }

    /// Looks again, as long as the list is open.
    func lookAtJobs() -> [Effect] { overlays.first(JobList.self) == nil ? [] : [.listJobs] }
}
