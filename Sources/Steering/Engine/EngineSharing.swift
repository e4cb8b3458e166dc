/// Which other calls an engine computes between two steps of one.
public enum EngineSharing: Sendable {
    /// None: what has begun is finished first.
    case exclusive
    /// Those that wait, one step of each: calls that share go round, and a new one begins after at most one step of another.
    case inTurn
    /// All: the call goes on when nothing else is asked for. When its task is cancelled it does not wait for that.
    case background
}

/// Work that is done step by step, so that its engine can compute something else between two steps.
protocol SteppedWork: AnyObject {
    /// Computes one step.
    /// - Returns: how far the work is with it; nil when no step was left.
    func advance() throws -> WorkProgress?
}

extension Engine {
    /// How many calls wait for the engine, those among them that have given way; without those in the background.
    nonisolated var waitingCount: Int { thread.waitingCount }

    /// Lets other calls compute before the next step of this one.
    func giveWay(_ sharing: EngineSharing) async {
        switch sharing {
        case .exclusive: break
        case .inTurn:
            guard thread.waitingCount > 0 else { return }
            await withCheckedContinuation { thread.resumeInTurn($0) }
            thread.hasReturned()
        case .background:
            guard thread.isWaitedFor else { return }
            let number = thread.newNumber()
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    thread.resumeInBackground(continuation, number)
                    // One that was cancelled before it waited was not there to be hurried.
                    if Task.isCancelled { thread.hurry(number) }
                }
            } onCancel: {
                thread.hurry(number)
            }
            thread.hasReturned()
        }
    }

    /// Does work to its end.
    /// - Parameter progress: called with how far it is after each step.
    /// - Throws: `CancellationError` between two steps; what a step throws.
    func finish(_ work: some SteppedWork, _ sharing: EngineSharing, _ progress: (WorkProgress) -> Void) async throws {
        while let done = try computing({ try work.advance() }) {
            progress(done)
            await giveWay(sharing)
        }
    }
}
