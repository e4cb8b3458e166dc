import Testing

@testable import Terminal

@Suite("Contrast") struct ContrastTests {
    @Test(
        "Contrast is as WCAG 2.1 defines it",
        arguments: [
            (Color.rgb(0, 0, 0), Color.rgb(255, 255, 255), 21.0), (.rgb(255, 255, 255), .rgb(119, 119, 119), 4.478),
            (.rgb(118, 118, 118), .rgb(255, 255, 255), 4.542), (.rgb(255, 0, 0), .rgb(255, 255, 255), 3.998),
            (.rgb(10, 20, 30), .rgb(10, 20, 30), 1),
        ])
    func ratio(one: Color, other: Color, expected: Double) throws {
        #expect(abs(try #require(one.contrast(with: other)) - expected) < 0.001)
    }

    @Test("The terminal's own colour has none") func unknown() {
        #expect(Color.default.contrast(with: .rgb(1, 2, 3)) == nil)
        #expect(Color.default.readable(on: [.rgb(0, 0, 0)]) == .default)
    }

    @Test("A colour that can be read stays; any other becomes the nearest that can") func readable() throws {
        #expect(Color.indexed(74).readable(on: [.rgb(0, 0, 0)]) == .indexed(74))
        #expect(Color.indexed(74).readable(on: []) == .indexed(74))
        for background in (0...255).map({ Color.rgb($0, $0, $0) }) {
            let color = Color.indexed(74).readable(on: [background])
            #expect(try #require(color.contrast(with: background)) >= 4.5)
        }
        // Nothing contrasts with two colours and with what lies between.
        let impossible = [Color.rgb(0, 0, 0), .rgb(90, 90, 90), .rgb(170, 170, 170), .rgb(255, 255, 255)]
        #expect(Color.indexed(74).readable(on: impossible) != .indexed(74))
    }
}
