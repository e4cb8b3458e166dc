import Steering

/// How far the session has come.
enum Phase: Sendable, Equatable {
    case opening(WorkProgress?)
    case analysing(WorkProgress?)
    case ready
    /// The pack or the picture cannot be used; the sentence says why.
    case failed(String)
}
