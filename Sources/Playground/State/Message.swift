import Foundation
import Jobs
import Steering
import Terminal

/// Everything that can happen to the playground.
enum Message: Sendable, Equatable {
    /// A key, the mouse, pasted text or the focus.
    case input(Input)
    /// What the terminal shows now: after a resize, and whenever it tells more about itself.
    case display(Display)
    /// A timer that `Effect.startTimer` started has run out.
    case timer(Timer)
    /// How far the engine is with a request, or how it ended.
    case engine(EngineEvent)
    /// Something about how the engine computes, said in one sentence.
    case remarked(String)
    case completed(PathCompletion)
    case exported(URL)
    /// Something could not be saved beside the picture; one sentence says why.
    case exportFailed(String)
    /// Something could not be saved because nothing can be written beside the picture; one sentence says why.
    case exportNeedsPlace(Export, reason: String)
    /// The session could not be saved; one sentence says why.
    case savingFailed(String)
    /// What is in the queue of jobs at a moment.
    case listedJobs([Job], at: Date)
    /// The queue of jobs cannot be used; one sentence says why.
    case jobsFailed(String)
    /// The program is asked to end from outside.
    case stop
}

/// The timers of the playground.
enum Timer: Sendable, Hashable {
    /// The sliders have been at rest long enough for a full render.
    case rest
    /// A run of steps on one slider is over: the next step is a new undo step.
    case gesture
    /// A second click no longer makes a double click.
    case doubleClick
    /// The key that shows the picture before has been released.
    case peek
    /// The session is due to be saved.
    case autosave
    /// The notice has been up long enough.
    case notice
    /// It is time to look at the queue of jobs again.
    case jobs
}
