import Foundation
import Pictures
import Steering

/// What the program must do about a message: `update` decides, `Program` carries out.
enum Effect: Sendable, Equatable {
    /// Load the pack that the options name.
    case open
    /// Read the picture that the options name, and analyse it.
    case analyse
    case render(id: Int, RenderRequest, previews: Bool)
    /// Stop the render in flight at its next step.
    case cancelRender
    /// Send `Message.timer` after some seconds; a timer of the same name that runs begins anew.
    case startTimer(Timer, seconds: Double)
    case stopTimer(Timer)
    /// Save the picture as a PNG file beside the input, under a name that is free.
    case export(Picture)
    /// Draw the whole screen anew, whatever the terminal still shows.
    case repaint
    /// Send the pictures again, which terminals lose more easily than text.
    case resendPictures
    /// Give the terminal to the shell until the process goes on.
    case suspend
    case quit
}
