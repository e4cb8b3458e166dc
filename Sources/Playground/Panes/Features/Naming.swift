import Steering

/// The naming of features that have no label, in the background and a little at a time.
struct Naming: Sendable, Equatable {
    private(set) var step: NamingStep?
    private(set) var isAsked = false

    var isFinished: Bool { step?.isFinished == true }

    /// What the status line says of it; nil while there is nothing to say.
    var words: String? {
        guard let step, !step.isFinished else { return nil }
        return "naming features \(step.step * 100 / max(1, step.count)) %"
    }

    mutating func ask() { isAsked = true }

    mutating func take(_ step: NamingStep) {
        self.step = step
        isAsked = false
    }

    mutating func fail() { take(NamingStep()) }
}

extension FeaturePane {
    /// Asks for the next few names while nothing that the user waits for is computed.
    mutating func continueNaming(_ state: State) -> [PaneAnswer] {
        let renders = state.renders
        guard !naming.isAsked, !naming.isFinished, state.phase == .ready, let analysis = state.analysis, renders.running == nil,
            renders.isResting || renders.shown?.isFinished == true
        else { return [] }
        naming.ask()
        return [.ask(.nameFeatures(first: analysis.id))]
    }

    mutating func take(_ step: NamingStep) {
        naming.take(step)
        list.name(step.labels)
    }
}
