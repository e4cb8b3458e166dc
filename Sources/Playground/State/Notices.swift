/// A sentence for the status line.
struct Notice: Sendable, Equatable {
    var text: String
    var isError: Bool

    /// A notice that stays for a few seconds.
    static func information(_ text: String) -> Notice { Notice(text: text, isError: false) }

    /// A notice that stays until the next key.
    static func error(_ text: String) -> Notice { Notice(text: text, isError: true) }
}

/// What the status line has to say: one notice at a time, while the others wait, and all can be read again.
struct Notices: Sendable, Equatable {
    private static let mostKept = 200
    private static let mostWaiting = 20

    private(set) var shown: Notice?
    private var waiting: [Notice] = []
    /// Everything that was said, the oldest first.
    private(set) var past: [Notice] = []
    /// Whether a key was pressed since the shown notice came, so that the next may take its place.
    private var isSeen = false
    /// How many notices have been shown so far.
    fileprivate private(set) var showings = 0

    /// Adds a notice. What nobody can have read yet is not replaced, but an error does not wait for anything else.
    mutating func add(_ notice: Notice) {
        keep(notice)
        guard let shown, !isSeen, shown != notice else { return show(notice) }
        guard notice.isError, !shown.isError else {
            if waiting.last != notice { waiting = waiting.suffix(Self.mostWaiting - 1) + [notice] }
            return
        }
        waiting.insert(shown, at: 0)
        show(notice)
    }

    /// Adds a notice that can be read again, and nothing more.
    mutating func keep(_ notice: Notice) { past = past.suffix(Self.mostKept - 1) + [notice] }

    /// A key was pressed: an error makes room for what waits.
    mutating func see() {
        isSeen = true
        if shown?.isError == true { showNext() }
    }

    /// The shown notice has been up long enough, unless it is an error.
    mutating func expire() {
        if shown?.isError == false { showNext() }
    }

    private mutating func showNext() {
        if waiting.isEmpty { shown = nil } else { show(waiting.removeFirst()) }
    }

    private mutating func show(_ notice: Notice) { (shown, isSeen, showings) = (notice, false, showings + 1) }
}

extension State {
    private static let noticeSeconds = 4.0

    /// The sentence in the status line.
    var notice: Notice? { notices.shown }

    /// Shows a sentence for a few seconds.
    mutating func inform(_ text: String) -> [Effect] { changeNotices { $0.add(.information(text)) } }

    /// Says in one sentence what went wrong.
    mutating func complain(_ reason: String) -> [Effect] { changeNotices { $0.add(.error(reason)) } }

    /// Says in one sentence why what was typed is not taken.
    mutating func refuse(_ sentence: String) -> [Effect] { complain(sentence) }

    /// Changes the notices; one that is shown from now on gets its time.
    mutating func changeNotices(_ change: (inout Notices) -> Void) -> [Effect] {
        let showings = notices.showings
        change(&notices)
        return notices.showings != showings && notices.shown?.isError == false ? [.startTimer(.notice, seconds: Self.noticeSeconds)] : []
    }
}
