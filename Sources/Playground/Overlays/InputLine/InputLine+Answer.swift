import Foundation
import Steering

/// What Enter does with the text.
extension InputLine {
    /// Carries out the answer and closes; an invalid one is refused, and the line stays open.
    func answer(_ state: inout State) -> Response {
        let text = field.text.trimmingCharacters(in: .whitespaces)
        switch purpose {
        case .filter: return .closes()
        case .open: return .closes(text.isEmpty ? [] : state.open(path: text))
        case .donor, .origin: return .closes(text.isEmpty ? [] : state.lookAtDonor(path: text, isOrigin: purpose == .origin))
        case .place(let export):
            return .closes(text.isEmpty ? [] : [.export(export, to: .file(TypedPath(text, home: state.options.home).url))])
        case .direction:
            guard let definition = state.directionDefinition(text) else {
                return .stays(state.refuse("\"\(text)\" is not a direction: type two phrases, for instance day > night, or one."))
            }
            return .closes(state.make(definition))
        case .steps:
            let range = Ranges.steps.range
            guard let steps = ValueExpression.wholeNumber(text, x: state.settings.sampling.steps), range.contains(steps) else {
                let bounds = "from \(range.lowerBound) to \(range.upperBound)"
                return .stays(state.refuse("\"\(text)\" is not a number of steps: type a number \(bounds), or for instance x/2."))
            }
            return .closes(state.change(settings: { $0.sampling.steps = steps }))
        case .guidance:
            let now = Float(state.settings.sampling.guidance)
            guard let guidance = ValueExpression.value(of: text, x: now).map(Double.init), Ranges.guidance.contains(guidance) else {
                return .stays(state.refuse("\"\(text)\" is not a guidance: type a number \(Ranges.guidance.text); 1 means none."))
            }
            return .closes(state.change(settings: { $0.sampling.guidance = guidance }))
        case .seed:
            guard let seed = UInt64(text) else {
                return .stays(state.refuse("\"\(text)\" is not a seed: type a whole number from 0."))
            }
            return .closes(state.set(seed: seed))
        case .randomise:
            guard let count = Int(text), count > 0 else {
                return .stays(state.refuse("\"\(text)\" is not a number of features: type a whole number from 1."))
            }
            return .closes(state.randomise(count))
        case .name(let part): return .closes(state.tell(\.edits) { $0.name(part, text, $1) })
        case .gather(let edits): return .closes(state.tell(\.edits) { $0.gather(edits, text, $1) })
        }
    }
}
