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
    }

    private static let maximumLength = 4096

    let purpose: Purpose
    private(set) var text: String
    /// What the text could go on to, after Tab.
    private(set) var choices: [String] = []

    /// Whether it is a path, which Tab completes.
    var isPath: Bool { purpose == .open || purpose == .donor || purpose == .origin }

    init(_ purpose: Purpose, text: String = "") {
        self.purpose = purpose
        self.text = text
    }

    /// Appends what can be shown.
    mutating func type(_ characters: String) {
        text += characters.filter { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }
        text = String(text.prefix(Self.maximumLength))
        choices = []
    }

    mutating func deleteBackward() {
        _ = text.popLast()
        choices = []
    }

    mutating func clear() {
        text = ""
        choices = []
    }

    /// Takes in a completion, unless something else has been typed meanwhile.
    mutating func complete(_ completion: PathCompletion) {
        guard completion.typed == text else { return }
        text = completion.text
        choices = completion.choices
    }
}
