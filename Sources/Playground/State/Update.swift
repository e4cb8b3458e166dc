import Pictures
import Steering
import Terminal

/// What a message does to the state, and what the program must do about it.
func update(_ state: inout State, _ message: Message) -> [Effect] {
    let (work, source) = (state.history.work, state.source)
    let effects = state.receive(message)
    let following = state.settlePanes() + state.settleOverlays()
    let isChanged = state.source != source || state.history.work != work
    return effects + following + (isChanged ? state.saveSoon() : [])
}

extension State {
    /// The effects with which the program starts, before any message.
    mutating func begin() -> [Effect] {
        let problems = options.configuration.problems
        for problem in problems.dropFirst() { notices.keep(.error(problem)) }
        if let first = problems.first {
            notices.add(.error(problems.count == 1 ? first : "\(first) (and \(problems.count - 1) more)"))
        }
        return ask(.open(PackChoice(options.pack, device: options.device, dataType: options.dataType)))
    }

    fileprivate mutating func receive(_ message: Message) -> [Effect] {
        switch message {
        case .input(let input): receive(input)
        case .display(let display): show(on: display)
        case .timer(let timer): runOut(timer)
        case .engine(let event): receive(event)
        case .remarked(let sentence): inform(sentence)
        case .completed(let completion): complete(completion)
        case .exported(let url): inform("Saved \(place(of: url)).")
        case .exportFailed(let reason): complain(reason)
        case .exportNeedsPlace(let export, let reason): askForPlace(of: export, since: reason)
        case .savingFailed(let reason): failSaving(reason)
        case .listedJobs(let jobs, let time): take(jobs, at: time)
        case .jobsFailed(let reason): complain(reason)
        case .stop: [.quit]
        }
    }

    private mutating func receive(_ input: Input) -> [Effect] {
        switch input {
        case .key(let key, let modifiers): press(KeyPress(key, modifiers))
        case .mouse(let event): point(event)
        case .paste(let text): paste(text)
        case .focus(true): [.resendPictures]
        case .focus(false), .reply, .resize: []
        }
    }

    private mutating func show(on display: Display) -> [Effect] {
        let isUpgrade = display.graphics != self.display.graphics
        let limitation = self.display.limitation == nil ? display.limitation : nil
        let layout = layout
        self.display = display
        if isUpgrade { graphics = Self.graphics(for: display, options: options) }
        if self.layout != layout { letGo() }
        return limitation.map { inform($0) } ?? []
    }

    private mutating func runOut(_ timer: Timer) -> [Effect] {
        switch timer {
        case .rest:
            renders.isResting = true
            return continueRendering()
        case .gesture where !isHolding: history.endGesture()
        case .gesture: break
        case .doubleClick: forgetClick()
        case .peek: pictures.comparison.isPeeking = false
        case .autosave: return autosave()
        case .notice: return changeNotices { $0.expire() }
        case .jobs: return lookAtJobs()
        }
        return []
    }
}
