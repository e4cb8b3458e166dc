import Terminal

/// The styles of the playground by what they mean.
struct Theme: Sendable, Equatable {
    var border, title, text, faint: Style
    /// The row of the selected feature.
    var selection: Style
    /// The parts of a slider: up to the knob, beyond it, the knob, and the picture's own value.
    var fill, track, knob, original: Style
    /// Numbers and marks of what edits changed, and of edits that are switched off.
    var changed, off: Style
    var error: Style
    var keyName: Style

    /// The themes to choose from; automatic is what the terminal's colours allow.
    enum Choice: String, Sendable, CaseIterable {
        case auto, colored, basic, monochrome
    }

    /// The colours that can be chosen one by one.
    enum Role: String, Sendable, CaseIterable {
        case border, title, text, faint, selection, fill, track, knob, original, changed, off, error, key
    }

    fileprivate static func theme(_ choice: Choice, _ colors: ColorDepth) -> Theme {
        if colors == .monochrome || choice == .monochrome { return .monochrome }
        switch choice {
        case .colored: return .colored
        case .basic, .monochrome: return .basic
        case .auto: return colors >= .palette ? .colored : .basic
        }
    }

    /// The colour of a role: of the selection, it is the background.
    fileprivate subscript(role: Role) -> Color {
        get { role == .selection ? selection.background : self[keyPath: Self.path(role)].foreground }
        set {
            if role == .selection { selection.background = newValue } else { self[keyPath: Self.path(role)].foreground = newValue }
        }
    }

    private static func path(_ role: Role) -> WritableKeyPath<Theme, Style> {
        switch role {
        case .border: \.border
        case .title: \.title
        case .text: \.text
        case .faint: \.faint
        case .selection: \.selection
        case .fill: \.fill
        case .track: \.track
        case .knob: \.knob
        case .original: \.original
        case .changed: \.changed
        case .off: \.off
        case .error: \.error
        case .key: \.keyName
        }
    }

    /// Colours of the 256-colour palette that are calm on dark and on light backgrounds.
    private static let colored = Theme(
        border: Style(foreground: .indexed(243)), title: Style(foreground: .indexed(74), bold: true), text: .plain,
        faint: Style(foreground: .indexed(245)), selection: Style(foreground: .indexed(255), background: .indexed(24), bold: true),
        fill: Style(foreground: .indexed(74)), track: Style(foreground: .indexed(243)), knob: Style(foreground: .indexed(110), bold: true),
        original: Style(foreground: .indexed(179), bold: true), changed: Style(foreground: .indexed(108), bold: true),
        off: Style(foreground: .indexed(179)), error: Style(foreground: .indexed(167), bold: true),
        keyName: Style(foreground: .indexed(74), bold: true))

    /// The colours that every terminal has, where greys would come out as something else.
    private static let basic = Theme(
        border: Style(dim: true), title: Style(foreground: .indexed(6), bold: true), text: .plain, faint: Style(dim: true),
        selection: Style(foreground: .indexed(7), background: .indexed(4), bold: true), fill: Style(foreground: .indexed(6)),
        track: Style(dim: true), knob: Style(bold: true), original: Style(foreground: .indexed(3), bold: true),
        changed: Style(foreground: .indexed(2), bold: true), off: Style(foreground: .indexed(3)),
        error: Style(foreground: .indexed(1), bold: true), keyName: Style(foreground: .indexed(6), bold: true))

    /// Attributes alone, for `NO_COLOR` and terminals without colours.
    private static let monochrome = Theme(
        border: Style(dim: true), title: Style(bold: true), text: .plain, faint: Style(dim: true), selection: Style(reversed: true),
        fill: .plain, track: Style(dim: true), knob: Style(bold: true), original: Style(bold: true), changed: Style(bold: true),
        off: Style(dim: true), error: Style(bold: true), keyName: Style(bold: true))
}

extension Theme {
    /// The theme that the user chose, as far as the terminal has its colours.
    init(_ configuration: Configuration, colors: ColorDepth) {
        self = Self.theme(configuration.theme, colors)
        guard colors > .monochrome else { return }
        for (role, color) in configuration.colors { self[role] = color }
    }
}
