import Foundation
import Steering
import Terminal

extension Session {
    /// The work that can be resumed, in a few words, such as "3 edits of 01.png"; nil when there is none.
    var keptWork: String? {
        let edited = recipes.filter { !$0.edits.isEmpty }
        guard !edited.isEmpty else { return hasWork ? "seed \(recipe.seed) of \(recipe.pictureName)" : nil }
        let count = edited.map(\.edits.count).reduce(0, +)
        let pictures = edited.count == 1 ? edited[0].pictureName : "\(edited.count) pictures"
        return "\(count) edit\(count == 1 ? "" : "s") of \(pictures)"
    }
}

extension Recipe {
    /// The picture's file name, fit for any terminal.
    fileprivate var pictureName: String { URL(fileURLWithPath: picture?.path ?? "").lastPathComponent.drawable }
}
