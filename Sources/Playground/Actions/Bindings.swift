import Terminal

/// An action with its keys, as the help and the command palette list it.
struct Binding: Sendable, Equatable {
    let action: Action
    var keys: [KeyPress]
    let help: String

    init(_ action: Action, _ keys: [KeyPress], help: String) {
        self.action = action
        self.keys = keys
        self.help = help
    }

    /// The keys' names.
    var names: String { keys.map(\.shownName).joined(separator: " ") }
}

/// A part of the help: the keys of one subject, and what the mouse does there.
struct BindingSection: Sendable, Equatable {
    /// What a movement of the mouse does.
    struct Gesture: Sendable, Equatable {
        let name, help: String

        init(_ name: String, _ help: String) {
            self.name = name
            self.help = help
        }
    }

    let title: String
    fileprivate(set) var bindings: [Binding]
    let gestures: [Gesture]

    init(_ title: String, _ bindings: [Binding], mouse gestures: [Gesture]) {
        self.title = title
        self.bindings = bindings
        self.gestures = gestures
    }
}

/// Which key does what: the one table behind the keyboard, the help, the command palette and the key bar.
struct Bindings: Sendable, Equatable {
    static let standard = Bindings(Action.sections)

    private(set) var sections: [BindingSection]
    private var actions: [KeyPress: Action]

    var all: [Binding] { sections.flatMap(\.bindings) }

    private init(_ sections: [BindingSection]) {
        self.sections = sections
        actions = Dictionary(
            sections.flatMap(\.bindings).flatMap { binding in binding.keys.map { ($0, binding.action) } },
            uniquingKeysWith: { first, _ in first })
    }

    func action(for press: KeyPress) -> Action? { actions[press] }

    /// The first key of an action, as the key bar shows it.
    func key(of action: Action) -> String? { all.first { $0.action == action }?.keys.first?.shownName }

    func key(of action: some ActionSet) -> String? { key(of: Action(action)) }

    /// Gives an action other keys, and takes them from the actions that had them.
    mutating func bind(_ action: Action, to keys: [KeyPress]) {
        var changed = sections
        for section in changed.indices {
            for index in changed[section].bindings.indices {
                if changed[section].bindings[index].action == action {
                    changed[section].bindings[index].keys = keys
                } else {
                    changed[section].bindings[index].keys.removeAll(where: keys.contains)
                }
            }
        }
        self = Bindings(changed)
    }
}
