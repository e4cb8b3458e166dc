import Foundation
import Steering

/// What the program must do about a message: `update` decides, `Program` carries out.
enum Effect: Sendable, Equatable {
    /// Ask the engine; its events arrive as `Message.engine` with this number.
    case ask(Int, EngineRequest)
    /// Cancel a request: it ends between two steps, and sends no more events.
    case cancel(Int)
    /// Complete a typed path.
    case complete(String)
    /// Save something.
    case export(Export, to: ExportPlace)
    /// Save the session in its own file.
    case save(Session)
    /// Look at the queue of jobs.
    case listJobs
    /// Cancel a job in the queue, and look at that again.
    case cancelJob(Int64)
    /// Send `Message.timer` after some seconds; a running timer of the same name restarts.
    case startTimer(Timer, seconds: Double)
    case stopTimer(Timer)
    /// Redraw the whole screen, whatever the terminal shows now.
    case repaint
    /// Send the pictures again, which terminals lose more easily than text.
    case resendPictures
    /// Suspend the process and give the terminal back to the shell until it resumes.
    case suspend
    case quit
}
