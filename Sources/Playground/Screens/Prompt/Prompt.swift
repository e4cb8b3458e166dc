import Foundation
import Steering

/// A line of text that is being typed.
struct Prompt: Sendable, Equatable {
    enum Purpose: Sendable, Equatable {
        case filter, open, steps, guidance, seed, randomise
        /// The picture to borrow from, and the one where the difference to it begins.
        case donor, origin
        /// What a direction leads to, or from what to what.
        case direction
        /// The name of an edit's group, or the new name of a group.
        case name(EditPart)
        /// The name of the group for several edits.
        case gather([Int])
    }

    private static let maximumLength = 4096

    let purpose: Purpose
    private(set) var text: String
    /// Whether the text is what is proposed: the first character that is typed takes its place.
    private(set) var isProposal: Bool
    /// What the text could go on to, after Tab.
    private(set) var choices: [String] = []

    /// Whether it is a path, which Tab completes.
    var isPath: Bool { purpose == .open || purpose == .donor || purpose == .origin }

    init(_ purpose: Purpose, text: String = "") {
        self.purpose = purpose
        self.text = text
        isProposal = !text.isEmpty
    }

    /// Lets what is proposed be gone on with.
    mutating func keepProposal() { isProposal = false }

    /// Appends what can be shown.
    mutating func type(_ characters: String) {
        if isProposal { clear() }
        text += characters.filter { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }
        text = String(text.prefix(Self.maximumLength))
        choices = []
    }

    mutating func deleteBackward() {
        _ = text.popLast()
        isProposal = false
        choices = []
    }

    mutating func clear() {
        text = ""
        isProposal = false
        choices = []
    }

    /// Takes in a completion, unless something else has been typed meanwhile.
    mutating func complete(_ completion: PathCompletion) {
        guard completion.typed == text else { return }
        text = completion.text
        isProposal = false
        choices = completion.choices
    }

    /// Goes on as far as all of the names do that begin with the text.
    mutating func complete(among names: [String]) {
        let fitting = names.filter { $0.hasPrefix(text) }
        guard let first = fitting.first else { return }
        text = fitting.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        isProposal = false
        choices = fitting.count == 1 ? [] : fitting
    }
}
