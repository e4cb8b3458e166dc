import Foundation
import Terminal

/// What is asked for in a line of text.
extension State {
    mutating func ask(_ purpose: Prompt.Purpose, _ text: String = "") -> [Effect] {
        overlay = .prompt(Prompt(purpose, text: text))
        return []
    }

    mutating func type(_ press: KeyPress, in prompt: Prompt) -> [Effect] {
        var prompt = prompt
        switch (press.key, press.modifiers) {
        case (.enter, _): return commit(prompt)
        case (.escape, _):
            overlay = nil
            if prompt.purpose == .filter { list.filter = FeatureFilter() }
            return []
        case (.tab, _) where prompt.isPath: return [.complete(prompt.text)]
        case (.tab, _): prompt.complete(among: names(for: prompt))
        case (.up, _) where prompt.purpose == .filter: return select(rows: -1)
        case (.down, _) where prompt.purpose == .filter: return select(rows: 1)
        case (.right, _), (.end, _): prompt.keepProposal()
        case (.backspace, _): prompt.deleteBackward()
        case (.character("u"), .control): prompt.clear()
        case (.character(let character), []): prompt.type(String(character))
        default: return []
        }
        return show(prompt)
    }

    /// What Tab may complete the text to, where it is no path: the groups that an edit can be put into.
    func names(for prompt: Prompt) -> [String] {
        switch prompt.purpose {
        case .name(.edit), .gather: stack.groups.map(\.name)
        default: []
        }
    }

    /// Shows a prompt as it is now; what is searched is found while it is typed.
    mutating func show(_ prompt: Prompt) -> [Effect] {
        overlay = .prompt(prompt)
        if prompt.purpose == .filter {
            list.filter = FeatureFilter(text: prompt.text)
            list.selectListed(with: stack)
            focus = .features
        }
        return []
    }

    mutating func complete(_ completion: PathCompletion) -> [Effect] {
        guard case .prompt(var prompt) = overlay, prompt.isPath else { return [] }
        prompt.complete(completion)
        overlay = .prompt(prompt)
        return []
    }

    private mutating func commit(_ prompt: Prompt) -> [Effect] {
        let text = prompt.text.trimmingCharacters(in: .whitespaces)
        switch prompt.purpose {
        case .filter: break
        case .open:
            guard !text.isEmpty else { break }
            overlay = nil
            return open(path: text)
        case .donor, .origin:
            guard !text.isEmpty else { break }
            overlay = nil
            return lookAtDonor(path: text, isOrigin: prompt.purpose == .origin)
        case .direction:
            guard let definition = directionDefinition(text) else {
                return refuse("\"\(text)\" is no direction: type two phrases, for instance day > night, or one.")
            }
            overlay = nil
            return make(definition)
        case .steps:
            guard let steps = Int(text), Settings.steps.contains(steps) else {
                return refuse("\"\(text)\" is not a number of steps: type a number from 1 to 1000.")
            }
            overlay = nil
            return change(settings: { $0.sampling.steps = steps })
        case .guidance:
            guard let guidance = Double(text), Settings.guidance.contains(guidance) else {
                return refuse("\"\(text)\" is not a guidance: type a number from 0 to 20; 1 means none.")
            }
            overlay = nil
            return change(settings: { $0.sampling.guidance = guidance })
        case .seed:
            guard let seed = UInt64(text) else { return refuse("\"\(text)\" is not a seed: type a whole number from 0.") }
            overlay = nil
            return set(seed: seed)
        case .randomise:
            guard let count = Int(text), count > 0 else {
                return refuse("\"\(text)\" is not a number of features: type a whole number from 1.")
            }
            overlay = nil
            return randomise(count)
        case .name(let part):
            overlay = nil
            return name(part, text)
        case .gather(let edits):
            overlay = nil
            return gather(edits, text)
        }
        overlay = nil
        return []
    }
}
