import Terminal
import Testing

@testable import Playground

@Suite("Themes") struct ThemeTests {
    private static let backgrounds: [Color] =
        [
            .rgb(0, 0, 0), .rgb(255, 255, 255), .rgb(0, 43, 54), .rgb(253, 246, 227), .rgb(40, 42, 54), .rgb(30, 30, 30),
            .rgb(251, 241, 199),
            .rgb(128, 128, 128), .rgb(117, 117, 117), .rgb(48, 10, 36), .rgb(0, 0, 170), .rgb(255, 200, 200), .rgb(0, 128, 0),
        ] + (16...255).map { .indexed($0) }

    private func theme(_ colors: ColorDepth, on background: Color?) -> Theme {
        Theme(Configuration(), colors: colors, background: background)
    }

    /// The styles of words and numbers.
    private func texts(_ theme: Theme) -> [Style] {
        [
            theme.title, theme.text, theme.faint, theme.selection, theme.knob, theme.original, theme.changed, theme.off, theme.error,
            theme.keyName,
        ]
    }

    /// The contrast of a style; nil where it is the terminal's own foreground on its own background.
    private func contrast(_ style: Style, on background: Color) -> Double? {
        style.foreground.contrast(with: style.background == .default ? background : style.background)
    }

    @Test(
        "Text can be read on whatever background the terminal reports, in 256, 16 and 8 colours",
        arguments: [
            ColorDepth.full, .palette, .sixteen, .eight,
        ])
    func readable(colors: ColorDepth) {
        for background in Self.backgrounds {
            let theme = theme(colors, on: background)
            for style in texts(theme) {
                #expect(contrast(style, on: background) ?? 21 >= 4.5, "\(style) on \(background)")
            }
            for style in [theme.border, theme.track] { #expect(contrast(style, on: background) ?? 21 >= 3, "\(style) on \(background)") }
        }
    }

    @Test("Only colours are used that eight-colour terminals have, where they come out as meant") func eightColors() {
        for background in Self.backgrounds {
            for style in texts(theme(.eight, on: background)) {
                for case .indexed(let index) in [style.foreground, style.background] { #expect(index < 8) }
            }
        }
    }

    @Test("On an unknown background, text stands out from black and from white") func unknownBackground() {
        for style in texts(theme(.palette, on: nil)) where style.foreground != .default && style.background == .default {
            for background in [Color.rgb(0, 0, 0), .rgb(255, 255, 255)] {
                #expect(contrast(style, on: background) ?? 0 >= 4, "\(style) on \(background)")
            }
        }
        for style in texts(theme(.sixteen, on: nil)) where style.background == .default { #expect(style.foreground == .default) }
    }

    @Test("Dark and light backgrounds have colours, not greys alone") func colored() {
        for background in [Color.rgb(0, 0, 0), .rgb(255, 255, 255)] {
            for colors in [ColorDepth.palette, .eight] {
                let theme = theme(colors, on: background)
                #expect(Set([theme.title, theme.original, theme.changed].map(\.foreground)).count == 3)
                #expect(!texts(theme).filter { $0.foreground != .default }.isEmpty)
            }
        }
    }

    @Test("Colours that the user has chosen stay as they are") func chosen() throws {
        var configuration = Configuration()
        configuration.colors[.title] = .indexed(16)
        #expect(Theme(configuration, colors: .palette, background: .rgb(0, 0, 0)).title.foreground == .indexed(16))
    }
}
