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

    /// The theme for what the terminal has.
    static func suiting(_ colors: ColorDepth) -> Theme {
        if colors >= .palette { return .colored }
        return colors > .monochrome ? .basic : .monochrome
    }

    /// Colours of the 256-colour palette that are calm on dark and on light backgrounds.
    static let colored = Theme(
        border: Style(foreground: .indexed(243)), title: Style(foreground: .indexed(74), bold: true), text: .plain,
        faint: Style(foreground: .indexed(245)), selection: Style(foreground: .indexed(255), background: .indexed(24), bold: true),
        fill: Style(foreground: .indexed(74)), track: Style(foreground: .indexed(243)), knob: Style(foreground: .indexed(110), bold: true),
        original: Style(foreground: .indexed(179), bold: true), changed: Style(foreground: .indexed(108), bold: true),
        off: Style(foreground: .indexed(179)), error: Style(foreground: .indexed(167), bold: true),
        keyName: Style(foreground: .indexed(74), bold: true))

    /// The colours that every terminal has, where greys would come out as something else.
    static let basic = Theme(
        border: Style(dim: true), title: Style(foreground: .indexed(6), bold: true), text: .plain, faint: Style(dim: true),
        selection: Style(foreground: .indexed(7), background: .indexed(4), bold: true), fill: Style(foreground: .indexed(6)),
        track: Style(dim: true), knob: Style(bold: true), original: Style(foreground: .indexed(3), bold: true),
        changed: Style(foreground: .indexed(2), bold: true), off: Style(foreground: .indexed(3)),
        error: Style(foreground: .indexed(1), bold: true), keyName: Style(foreground: .indexed(6), bold: true))

    /// Attributes alone, for `NO_COLOR` and terminals without colours.
    static let monochrome = Theme(
        border: Style(dim: true), title: Style(bold: true), text: .plain, faint: Style(dim: true), selection: Style(reversed: true),
        fill: .plain, track: Style(dim: true), knob: Style(bold: true), original: Style(bold: true), changed: Style(bold: true),
        off: Style(dim: true), error: Style(bold: true), keyName: Style(bold: true))
}
