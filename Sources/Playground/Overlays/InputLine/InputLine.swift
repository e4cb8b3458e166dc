import Steering
import Terminal

/// A question in the status line, and the line of text that answers it.
struct InputLine: Overlay {
    enum Purpose: Sendable, Equatable {
        case filter, open, steps, guidance, seed, randomise
        /// The picture to transfer from, and the one where the difference to it begins.
        case donor, origin
        /// What a direction leads to, or from what to what.
        case direction
        /// Where to save something.
        case place(Export)
        /// The name of an edit's group, or the new name of a group.
        case name(EditPart)
        /// The name of the group for several edits.
        case gather([Int])
    }

    let purpose: Purpose
    private(set) var field: TextField
    /// The candidates for completion, after Tab.
    private(set) var choices: [String] = []

    /// Whether it is a path, which Tab completes.
    var isPath: Bool {
        switch purpose {
        case .open, .donor, .origin, .place: true
        case .filter, .steps, .guidance, .seed, .randomise, .direction, .name, .gather: false
        }
    }

    /// - Parameter text: what is proposed: typing replaces it.
    init(_ purpose: Purpose, text: String = "") {
        self.purpose = purpose
        field = TextField(text, isProposal: true)
    }

    mutating func press(_ press: KeyPress, _ state: inout State) -> Response {
        switch press.key {
        case .enter: return answer(&state)
        case .escape:
            if purpose == .filter { state.features.list.filter = FeatureFilter() }
            return .closes()
        case .tab where isPath: return .stays([.complete(field.text)])
        case .tab:
            complete(among: names(in: state))
            return .stays()
        case .up where purpose == .filter: return .stays(state.select(rows: -1))
        case .down where purpose == .filter: return .stays(state.select(rows: 1))
        default: return edited(field.press(press), &state)
        }
    }

    mutating func paste(_ text: String, _ state: inout State) -> Response { edited(field.paste(text), &state) }

    /// Searches as the user types.
    private mutating func edited(_ outcome: TextField.Outcome, _ state: inout State) -> Response {
        if outcome == .changed {
            choices = []
            if purpose == .filter { return .stays(state.tell(\.features) { $0.search(field.text, $1) }) }
        }
        return state.response(to: outcome)
    }

    /// The names that Tab completes where the text is no path: those of groups.
    func names(in state: State) -> [String] {
        switch purpose {
        case .name(.edit), .gather: state.stack.groups.map(\.name)
        case .filter, .open, .steps, .guidance, .seed, .randomise, .donor, .origin, .direction, .place, .name(.group): []
        }
    }

    /// Applies a completion, unless the text has changed meanwhile.
    mutating func complete(_ completion: PathCompletion) {
        guard isPath, completion.typed == field.text else { return }
        field.replace(with: completion.text)
        choices = completion.choices
    }

    /// Completes the text as far as all names that begin with it agree.
    private mutating func complete(among names: [String]) {
        let fitting = names.filter { $0.hasPrefix(field.text) }
        guard let first = fitting.first else { return }
        field.replace(with: fitting.dropFirst().reduce(first) { $0.commonPrefix(with: $1) })
        choices = fitting.count == 1 ? [] : fitting
    }
}

extension State {
    mutating func ask(_ purpose: InputLine.Purpose, _ text: String = "") -> [Effect] { show(InputLine(purpose, text: text)) }

    mutating func complete(_ completion: PathCompletion) -> [Effect] {
        overlays.change(InputLine.self) { $0.complete(completion) }
        return []
    }
}
