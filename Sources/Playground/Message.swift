import Foundation
import Pictures
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
    case opened(PackSummary)
    /// Something about how the engine computes, said in one sentence.
    case remarked(String)
    case analysed(AnalysisSummary, Opened)
    case progressed(Job, WorkProgress)
    /// A render is done; `seconds` is how long it took.
    case rendered(id: Int, Picture, seconds: Double)
    /// What a feature does.
    case icon(Int, Picture)
    case exported(URL)
    case completed(PathCompletion)
    case browsed(BrowsingRequest, FeaturePage)
    /// The features most like one, closest first.
    case alike(Int, FeaturePage)
    case savedGroup(String)
    /// The groups that the picture's features fall into, the strongest first.
    case foundGroups([FeatureGroup])
    case donor(Donor, isOrigin: Bool)
    case direction(Direction)
    case groups([FeatureGroup])
    /// A job has ended with an error, said in one sentence.
    case failed(Job, String)
    /// The program is asked to end from outside.
    case stop
}

/// Work that goes on elsewhere and answers later.
enum Job: Sendable, Hashable {
    case opening
    case analysing
    case rendering(id: Int)
    case exporting
    case saving
    case browsing
    case findingAlike
    case findingGroups
    case makingIcon
    case lookingAtDonor
    case makingDirection
}

/// Where a picture came from that has been analysed.
struct Opened: Sendable, Equatable {
    var source: Material.Source
    /// What was made of it, if that was opened.
    var recipe: Recipe?
    /// The session that the recipe is of, if one was opened.
    var session: Session?
    /// The picture is not the one that the recipe was made for.
    var isOtherPicture = false
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
