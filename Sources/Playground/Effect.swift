import Foundation
import Pictures
import Steering

/// What the program must do about a message: `update` decides, `Program` carries out.
enum Effect: Sendable, Equatable {
    /// Load the pack that the options name.
    case open
    /// Read a picture, or a recipe with its picture, and analyse it.
    case analyse(URL)
    /// Do the same with the picture after or before one in its folder.
    case analyseNeighbour(of: URL, isNext: Bool)
    case render(id: Int, RenderRequest, previews: Bool)
    /// Stop the render in flight at its next step.
    case cancelRender
    /// Make a feature's icon, from this picture where the pack has none for that.
    case makeIcon(Int, Picture)
    case cancelIcon
    /// Look how a typed path could go on.
    case complete(String)
    /// List features of the library, in place of those asked for before.
    case browse([BrowsingRequest])
    /// Analyse a picture to borrow from.
    case analyseDonor(URL, isOrigin: Bool)
    /// Make a direction between two texts.
    case makeDirection(Direction.Definition)
    /// Divide the picture's features into a few groups.
    case findGroups(AnalysisID)
    /// Look for the features that are most like one.
    case findAlike(Int)
    /// Keep a group with the pack.
    case saveGroup(FeatureGroup)
    /// Look which groups are kept with the pack.
    case listGroups
    /// Send `Message.timer` after some seconds; a timer of the same name that runs begins anew.
    case startTimer(Timer, seconds: Double)
    case stopTimer(Timer)
    /// Save something beside the picture, under a name that is free.
    case export(Export, beside: URL)
    /// Save the session in its own file.
    case save(Session)
    /// Draw the whole screen anew, whatever the terminal still shows.
    case repaint
    /// Send the pictures again, which terminals lose more easily than text.
    case resendPictures
    /// Give the terminal to the shell until the process goes on.
    case suspend
    case quit
}
