import Foundation
import Steering
import Synchronization
import Terminal

/// Saves the session to its file from any thread; an older one never replaces a newer one.
final class SessionStore: Sendable {
    private struct Saved {
        var number = 0
        /// Whether the file is there and holds what was saved here.
        var hasFile = false
    }

    private let url: URL
    private let saved = Mutex(Saved())
    private let next = Atomic(0)

    init(_ url: URL) {
        self.url = url
    }

    /// A number for a session about to be saved; later ones are newer.
    func number() -> Int { next.add(1, ordering: .relaxed).newValue }

    /// Saves a session, unless a newer one has been saved; one without work has no file.
    /// - Throws: an error of one sentence when the file cannot be written.
    func save(_ session: Session, number: Int) throws {
        try saved.withLock { saved in
            guard number > saved.number else { return }
            if session.hasWork {
                try session.write(to: url)
                saved.hasFile = true
            } else if saved.hasFile {
                try FileManager.default.removeItem(at: url)
                saved.hasFile = false
            }
            saved.number = number
        }
    }
}

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
