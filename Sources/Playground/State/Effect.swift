import Foundation
import Steering

/// What the program must do about a message: `update` decides, `Program` carries out.
enum Effect: Sendable, Equatable {
    /// Ask the engine; what becomes of it arrives as `Message.engine` with this number.
    case ask(Int, EngineRequest)
    /// Give a request up: it ends between two steps, and nothing more is heard of it.
    case cancel(Int)
    /// Look how a typed path could go on.
    case complete(String)
    /// Save something.
    case export(Export, to: ExportPlace)
    /// Save the session in its own file.
    case save(Session)
    /// Send `Message.timer` after some seconds; a timer of the same name that runs begins anew.
    case startTimer(Timer, seconds: Double)
    case stopTimer(Timer)
    /// Draw the whole screen anew, whatever the terminal still shows.
    case repaint
    /// Send the pictures again, which terminals lose more easily than text.
    case resendPictures
    /// Give the terminal to the shell until the process goes on.
    case suspend
    case quit
}
