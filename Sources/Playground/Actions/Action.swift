/// What the user can ask of one part of the playground. Each action has a name for `config.toml` (its raw value), keys, a line in the help and a
/// place in the command palette.
///
/// The switches over a part's actions have no default: an action without keys or without an effect does not compile.
protocol ActionSet: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// The part's title in the help.
    static var title: String { get }
    /// What the mouse does there.
    static var gestures: [BindingSection.Gesture] { get }
    /// The keys, unless the user chose others, and what the help and the command palette say.
    var standard: (keys: [KeyPress], help: String) { get }
    /// Does it.
    func perform(on state: inout State) -> [Effect]
}

extension ActionSet {
    static var gestures: [BindingSection.Gesture] { [] }

    fileprivate static var actions: [Action] { allCases.map { Action($0) } }

    fileprivate static var section: BindingSection {
        BindingSection(title, allCases.map { Binding(Action($0), $0.standard.keys, help: $0.standard.help) }, mouse: gestures)
    }
}

/// Everything that the user can ask for.
struct Action: Sendable, Hashable {
    /// The parts that have actions, in the order of the help.
    private static let sets: [any ActionSet.Type] = [
        SliderAction.self, EditAction.self, CompareAction.self, PictureAction.self, LibraryAction.self, SessionAction.self,
    ]

    static let all: [Action] = sets.flatMap { $0.actions }
    static let sections: [BindingSection] = sets.map { $0.section }

    private let member: any ActionSet

    init(_ member: some ActionSet) {
        self.member = member
    }

    /// The action that `config.toml` calls by this name.
    init?(named name: String) {
        guard let action = Self.all.first(where: { $0.name == name }) else { return nil }
        self = action
    }

    /// Unlike that of any other action.
    var name: String { member.rawValue }

    /// The action as one of a part; nil when it is another part's.
    func member<Set: ActionSet>(of set: Set.Type) -> Set? { member as? Set }

    func perform(on state: inout State) -> [Effect] { member.perform(on: &state) }

    static func == (one: Action, other: Action) -> Bool { one.name == other.name }

    func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension State {
    mutating func perform(_ action: some ActionSet) -> [Effect] { action.perform(on: &self) }
}
