import Terminal

/// The styles of the playground by what they mean.
struct Theme: Sendable, Equatable {
    var border, title, text, faint: Style
    /// The row of the selected feature.
    var selection: Style
    /// That row in a list that does not hear the keys.
    var dimSelection: Style
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

    fileprivate static func theme(_ choice: Choice, _ colors: ColorDepth, _ background: Color?) -> Theme {
        if colors == .monochrome || choice == .monochrome { return .monochrome }
        switch choice {
        case .colored: return colored(on: background)
        case .basic, .monochrome: return basic(on: background)
        case .auto: return colors >= .palette ? colored(on: background) : basic(on: background)
        }
    }

    /// The luminance that contrasts as much with white as with black.
    private static let middle = 0.179

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

    /// Calm colours of the 256-colour palette that can be read on a background; on black and on white where it is not known.
    private static func colored(on background: Color?) -> Theme {
        let isLight = background?.luminance.map { $0 > middle } ?? false
        let (blue, pale, amber, green, red): (UInt8, UInt8, UInt8, UInt8, UInt8) =
            isLight ? (25, 31, 130, 28, 124) : (74, 110, 179, 108, 167)
        let backgrounds = background.map { [$0] } ?? [.rgb(0, 0, 0), .rgb(255, 255, 255)]
        func text(_ index: UInt8, bold: Bool = true) -> Style {
            Style(foreground: Color.indexed(index).readable(on: backgrounds), bold: bold)
        }
        let line = Style(foreground: Color.indexed(243).readable(on: backgrounds, contrast: Color.lineContrast))
        return Theme(
            border: line, title: text(blue), text: .plain, faint: text(245, bold: false),
            selection: Style(foreground: .indexed(255), background: .indexed(24), bold: true),
            dimSelection: Style(foreground: .indexed(isLight ? 16 : 255), background: .indexed(isLight ? 253 : 238)),
            fill: text(blue, bold: false), track: line,
            knob: text(pale), original: text(amber), changed: text(green), off: text(amber, bold: false), error: text(red),
            keyName: text(blue))
    }

    /// The colours that every terminal has, where greys would come out as something else, if they can be read on the background.
    private static func basic(on background: Color?) -> Theme {
        guard let background, let luminance = background.luminance else { return basicAnywhere }
        let theme = luminance > middle ? basicOnLight : basicOnDark
        let colors = Role.allCases.map { theme[keyPath: path($0)] }.filter { $0.background == .default }.map(\.foreground)
        return colors.allSatisfy { ($0.contrast(with: background) ?? .infinity) >= Color.textContrast } ? theme : basicAnywhere
    }

    /// Bold colours come out bright on some terminals.
    private static let basicOnDark = Theme(
        border: Style(dim: true), title: Style(foreground: .indexed(6), bold: true), text: .plain, faint: Style(dim: true),
        selection: Style(foreground: .indexed(7), background: .indexed(4), bold: true),
        dimSelection: Style(bold: true), fill: Style(foreground: .indexed(6)),
        track: Style(dim: true), knob: Style(bold: true), original: Style(foreground: .indexed(3), bold: true),
        changed: Style(foreground: .indexed(2), bold: true), off: Style(foreground: .indexed(3), bold: true),
        error: alarm, keyName: Style(foreground: .indexed(6), bold: true))

    /// Cyan, green and yellow cannot be read on white, nor a red that comes out bright.
    private static let basicOnLight = Theme(
        border: Style(dim: true), title: Style(foreground: .indexed(4), bold: true), text: .plain, faint: Style(dim: true),
        selection: Style(foreground: .indexed(7), background: .indexed(4), bold: true),
        dimSelection: Style(bold: true), fill: Style(foreground: .indexed(4)),
        track: Style(dim: true), knob: Style(bold: true), original: Style(foreground: .indexed(1)), changed: Style(foreground: .indexed(5)),
        off: Style(foreground: .indexed(1)), error: alarm, keyName: Style(foreground: .indexed(4), bold: true))

    /// White on red: red alone cannot be read on black.
    private static let alarm = Style(foreground: .indexed(7), background: .indexed(1), bold: true)

    /// Attributes, and the styles that bring a background of their own.
    private static let basicAnywhere: Theme = {
        var theme = monochrome
        theme.selection = basicOnDark.selection
        theme.error = alarm
        return theme
    }()

    /// Attributes alone, for `NO_COLOR` and terminals without colours.
    private static let monochrome = Theme(
        border: Style(dim: true), title: Style(bold: true), text: .plain, faint: Style(dim: true), selection: Style(reversed: true),
        dimSelection: Style(bold: true), fill: .plain, track: Style(dim: true), knob: Style(bold: true), original: Style(bold: true),
        changed: Style(bold: true),
        off: Style(dim: true), error: Style(bold: true), keyName: Style(bold: true))
}

extension Theme {
    /// The theme that the user chose, as far as the terminal has its colours.
    init(_ configuration: Configuration, colors: ColorDepth, background: Color? = nil) {
        self = Self.theme(configuration.theme, colors, background)
        guard colors > .monochrome else { return }
        for (role, color) in configuration.colors { self[role] = color }
    }
}
