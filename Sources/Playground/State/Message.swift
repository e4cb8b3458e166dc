import Foundation
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
    /// The program is asked to end from outside.
    case stop
}

/// What time can tell the playground.
enum Timer: Sendable, Hashable {
    /// The sliders have rested: the picture is worth all its steps.
    case rest
    /// The run of steps on one slider is over: the next step is undone by itself.
    case gesture
    /// Another click would no longer be the second of two.
    case doubleClick
    /// The key that shows the picture before has been let go of.
    case peek
    /// The session is to be saved.
    case autosave
    /// The notice has been up long enough.
    case notice
}
