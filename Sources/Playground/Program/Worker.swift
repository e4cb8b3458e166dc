import Foundation
import Steering

/// Carries out the work that takes long, away from the main thread; what comes of it arrives as messages.
final class Worker {
    private let engine: any EngineService
    private let mailbox: Mailbox
    private let store: SessionStore?
    private let jobs: JobAccess?
    private let home: String
    private var requests: [Int: Task<Void, Never>] = [:]

    init(options: Options, engine: any EngineService, mailbox: Mailbox) {
        self.engine = engine
        self.mailbox = mailbox
        store = options.sessionFile.map(SessionStore.init)
        jobs = options.jobs.map(JobAccess.init)
        home = options.home
    }

    /// Asks the engine.
    func ask(_ id: Int, _ request: EngineRequest) {
        requests[id] = Task { [engine, mailbox] in
            func post(_ kind: EngineEvent.Kind) { mailbox.post(.engine(EngineEvent(id: id, kind))) }
            do {
                let answer = try await engine.answer(request) {
                    mailbox.post(.engine(EngineEvent(id: id, .progress($0))))
                } remark: {
                    mailbox.post(.remarked($0))
                }
                post(.finished(.success(answer)))
            } catch is CancellationError {
                // Only what nobody waits for any more is cancelled.
            } catch {
                post(.finished(.failure(EngineFailure(request, reason: String(describing: error)))))
            }
        }
    }

    /// Ends a request between two steps.
    func cancel(_ id: Int) { requests.removeValue(forKey: id)?.cancel() }

    /// Forgets a request that has ended.
    func forget(_ id: Int) { requests[id] = nil }

    func cancelAll() {
        for task in requests.values { task.cancel() }
        requests = [:]
    }

    func complete(_ path: String) {
        Task { [mailbox, home] in mailbox.post(.completed(PathCompletion(path, home: home))) }
    }

    func export(_ export: Export, to place: ExportPlace) {
        Task { [mailbox] in
            do { mailbox.post(.exported(try export.write(to: place))) } catch {
                let reason = String(describing: error)
                mailbox.post(place.isWritable ? .exportFailed(reason) : .exportNeedsPlace(export, reason: reason))
            }
        }
    }

    /// Looks at the queue of jobs.
    func listJobs() { withJobs { _ in } }

    /// Cancels a job in the queue, and looks at that again.
    func cancelJob(_ job: Int64) { withJobs { try $0.cancel(job) } }

    private func withJobs(_ change: @escaping @Sendable (JobAccess) throws -> Void) {
        guard let jobs else { return }
        Task { [mailbox] in
            do { try change(jobs) } catch { mailbox.post(.jobsFailed(String(describing: error))) }
            do { mailbox.post(.listedJobs(try jobs.list(), at: .now)) } catch { mailbox.post(.jobsFailed(String(describing: error))) }
        }
    }

    /// Saves the session while it goes on.
    func save(_ session: Session) {
        guard let store else { return }
        let number = store.number()
        Task { [mailbox] in
            do { try store.save(session, number: number) } catch { mailbox.post(.savingFailed(String(describing: error))) }
        }
    }

    /// Saves the session before the program ends.
    /// - Throws: an error of one sentence when the file cannot be written.
    func saveNow(_ session: Session) throws {
        try store?.save(session, number: store?.number() ?? 0)
    }
}
