import Testing

@testable import Terminal

private func capabilities(
    _ environment: [String: String] = ["TERM": "xterm-256color", "LANG": "en_GB.UTF-8"], columns: Int = 80, rows: Int = 24,
    pixels: PixelSize = PixelSize(width: 0, height: 0), inTmux client: TmuxClient? = nil, replies: String = ""
) -> Capabilities {
    let window = WindowSize(cells: GridSize(columns: columns, rows: rows), pixels: pixels)
    var capabilities = Capabilities(environment: environment, window: window, tmux: client)
    var parser = InputParser()
    for case .reply(let reply) in parser.feed(replies.utf8) { capabilities.learn(reply) }
    return capabilities
}

/// Replies as they were recorded.
private let xterm = "\u{1B}P>|XTerm(379)\u{1B}\\\u{1B}[?2026;0$y\u{1B}[?1;0;1024S\u{1B}[?2;0;1000;1000S\u{1B}[?63;1;2;4;6;9;15;16;22;28c"
private let tmux = "\u{1B}P>|tmux 3.3a\u{1B}\\\u{1B}[?1;2c"
private let foot =
    "\u{1B}P>|foot(1.13.1)\u{1B}\\\u{1B}[?2026;2$y\u{1B}[?1;0;1024S\u{1B}[?2;0;10000;10000S\u{1B}[6;18;9t\u{1B}[4;432;720t\u{1B}]11;rgb:24/24/24\u{1B}\\\u{1B}[?62;4;22c"

@Suite("Capabilities") struct CapabilitiesTests {
    @Test("xterm shows sixel up to its limit and has no synchronised output") func recognisesXterm() {
        let capabilities = capabilities(columns: 120, rows: 40, pixels: PixelSize(width: 1204, height: 804), replies: xterm)
        #expect(capabilities.graphics == [.sixel, .blocks, .ascii])
        #expect(!capabilities.synchronisedOutput)
        #expect(capabilities.pictureColors == .full)
        #expect(capabilities.cell == PixelSize(width: 10, height: 20))
        #expect(capabilities.sixelSize(of: Rectangle(column: 0, row: 0, columns: 110, rows: 39)) == PixelSize(width: 1000, height: 780))
        #expect(capabilities.sixelSize(of: Rectangle(column: 0, row: 0, columns: 10, rows: 10)) == PixelSize(width: 100, height: 198))
        #expect(capabilities.limitation == nil)
    }

    @Test("tmux without sixel says so") func recognisesTmux() {
        let capabilities = capabilities(["TERM": "screen-256color", "TMUX": "/tmp/x", "LANG": "C.UTF-8"], replies: tmux)
        #expect(capabilities.graphics == [.blocks, .ascii])
        #expect(capabilities.multiplexer == .tmux)
        #expect(capabilities.limitation?.contains("tmux") == true)
    }

    @Test("A terminal that takes kitty's pictures shows them rather than sixel") func recognisesKitty() {
        let replies = "\u{1B}_Gi=31;OK\u{1B}\\"
        #expect(capabilities(replies: foot + replies).graphics == [.kitty, .sixel, .blocks, .ascii])
        #expect(capabilities(replies: replies + "\u{1B}[?62c").limitation == nil)
        #expect(!capabilities(replies: "\u{1B}_Gi=31;ENOTSUPPORTED:no\u{1B}\\\u{1B}[?62;4c").hasKittyGraphics)
    }

    @Test("Between a multiplexer's panes kitty's pictures would go astray", arguments: [["TMUX": "/tmp/x"], ["TERM": "screen"]])
    func distrustsMultiplexers(environment: [String: String]) {
        let capabilities = capabilities(environment, replies: "\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?62;4c")
        #expect(capabilities.graphics.first == .sixel)
        #expect(!String(decoding: capabilities.query, as: UTF8.self).contains("\u{1B}_"))
    }

    @Test("The Linux console, which prints kitty's commands, is not asked about them") func sparesConsole() {
        #expect(!String(decoding: capabilities(["TERM": "linux"]).query, as: UTF8.self).contains("\u{1B}_"))
        #expect(String(decoding: capabilities().query, as: UTF8.self).hasPrefix("\u{1B}_Gi=31,"))
    }

    @Test("foot shows everything") func recognisesFoot() {
        let capabilities = capabilities(["TERM": "foot", "COLORTERM": "truecolor", "LANG": "C.UTF-8"], replies: foot)
        #expect(capabilities.graphics.first == .sixel)
        #expect(capabilities.synchronisedOutput)
        #expect(capabilities.cell == PixelSize(width: 9, height: 18))
        #expect(capabilities.background == .rgb(0x24, 0x24, 0x24))
        #expect(capabilities.isSettled)
    }

    @Test("Before any reply there are blocks and no complaint") func startsModestly() {
        #expect(capabilities().graphics == [.blocks, .ascii])
        #expect(capabilities().limitation == nil)
        #expect(!capabilities().isSettled)
    }

    @Test("A class of terminal that is 4 is not mistaken for sixel") func ignoresTerminalClass() {
        #expect(!capabilities(replies: "\u{1B}[?4;6c").hasSixel)
    }

    @Test("The cell's size comes from the reply, then the kernel, then the text area, then the VT340") func cellSize() {
        let window = PixelSize(width: 720, height: 432)
        #expect(capabilities(pixels: window, replies: "\u{1B}[6;20;10t").cell == PixelSize(width: 10, height: 20))
        #expect(capabilities(pixels: window, replies: "\u{1B}[4;960;1600t").cell == PixelSize(width: 9, height: 18))
        #expect(capabilities(replies: "\u{1B}[4;960;1600t").cell == PixelSize(width: 20, height: 40))
        #expect(capabilities(pixels: PixelSize(width: 80, height: 24)).cell == PixelSize(width: 10, height: 20))
        #expect(capabilities(replies: "\u{1B}[6;0;0t\u{1B}[6;9999;9999t").cell == PixelSize(width: 10, height: 20))
    }

    @Test("Zooming the font outdates the reported cell") func zoom() {
        var capabilities = capabilities(pixels: PixelSize(width: 800, height: 480), replies: "\u{1B}[6;20;10t")
        capabilities.resize(to: WindowSize(cells: GridSize(columns: 40, rows: 12), pixels: PixelSize(width: 800, height: 480)))
        #expect(capabilities.cell == PixelSize(width: 20, height: 40))
    }

    @Test("NO_COLOR takes the text's colours and leaves the picture's") func noColor() {
        let capabilities = capabilities(["TERM": "xterm-256color", "NO_COLOR": "1"])
        #expect(capabilities.colors == .monochrome)
        #expect(capabilities.pictureColors == .palette)
        #expect(
            Terminal.Capabilities(environment: ["TERM": "xterm-256color", "NO_COLOR": ""], window: capabilities.window).colors == .palette)
    }

    @Test(
        "The environment tells colours",
        arguments: [
            ("dumb", "", ColorDepth.monochrome), ("xterm", "", .sixteen), ("xterm", "truecolor", .full), ("tmux-256color", "", .palette),
            ("", "", .monochrome),
        ])
    func colors(term: String, colorTerm: String, expected: ColorDepth) {
        #expect(capabilities(["TERM": term, "COLORTERM": colorTerm]).colors == expected)
    }

    @Test(
        "The locale tells Unicode",
        arguments: [
            (["LANG": "C"], false), (["LANG": "de_DE.utf8"], true), (["LC_ALL": "C", "LANG": "C.UTF-8"], false),
            (["LC_ALL": "", "LC_CTYPE": "C.UTF-8"], true), ([:], false),
        ])
    func locale(environment: [String: String], expected: Bool) {
        #expect(capabilities(environment).isUnicode == expected)
    }

    @Test(
        "24-bit colours are recognised by the terminal's name, whatever the environment says",
        arguments: [
            "VTE(7006)", "xterm.js(5.3.0)", "kitty(0.26.5)", "WezTerm 20230712", "foot(1.13.1)", "Konsole 22.12.3", "iTerm2 3.4.19",
            "Windows Terminal 1.22", "ghostty 1.0.0", "XTerm(379)", "alacritty 0.13", "contour 0.3", "mintty 3.6",
        ])
    func namedFullColor(name: String) {
        #expect(capabilities(["TERM": "xterm"], replies: "\u{1B}P>|\(name)\u{1B}\\").pictureColors == .full)
        #expect(capabilities(["TERM": "xterm"], replies: "\u{1B}P>|unheard-of(1)\u{1B}\\").pictureColors == .sixteen)
        #expect(capabilities(["TERM": "dumb"], replies: "\u{1B}P>|\(name)\u{1B}\\").pictureColors == .monochrome)
    }

    @Test("24-bit colours are recognised by one that was set and is reported", arguments: ["0;48:2::1:2:3", "48:2:1:2:3", "0;48;2;1;2;3"])
    func reportedFullColor(rendition: String) {
        #expect(capabilities(replies: "\u{1B}P1$r\(rendition)m\u{1B}\\\u{1B}[?62c").pictureColors == .full)
    }

    @Test("A terminal that has made another colour of it shows 256, whatever COLORTERM says", arguments: ["0", "48;5;16", "40"])
    func deniedFullColor(rendition: String) {
        let environment = ["TERM": "xterm-256color", "COLORTERM": "truecolor"]
        #expect(capabilities(environment, replies: "\u{1B}P1$r\(rendition)m\u{1B}\\").pictureColors == .palette)
        #expect(capabilities(environment, replies: "\u{1B}P0$r\u{1B}\\").pictureColors == .full)
    }

    @Test(
        "Variables tell of 24-bit colours where they are the terminal's own",
        arguments: [
            (["TERM": "alacritty"], ColorDepth.full), (["TERM": "xterm-256color", "WT_SESSION": "x"], .full),
            (["TERM": "xterm-256color", "VTE_VERSION": "7006"], .full), (["TERM": "xterm-256color", "VTE_VERSION": "3400"], .palette),
            (["TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"], .full),
            (["TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal", "COLORTERM": "truecolor"], .palette),
            (["TERM": "linux", "COLORTERM": "truecolor"], .sixteen), (["TERM": "vt220", "COLORTERM": "truecolor"], .monochrome),
            (["TERM": "screen-256color", "COLORTERM": "truecolor"], .palette), (["TERM": "screen", "COLORTERM": "truecolor"], .palette),
            (["TERM": "screen-256color", "STY": "1.pts", "KITTY_WINDOW_ID": "1"], .palette),
        ])
    func environmentalColor(environment: [String: String], expected: ColorDepth) {
        #expect(capabilities(environment).pictureColors == expected)
    }

    @Test(
        "Terminals that would print the question about colours, or pass it on, are not asked",
        arguments: [
            ["TERM": "linux"], ["TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"], ["TERM": "screen.xterm-256color"],
        ])
    func sparesColorQuery(environment: [String: String]) {
        #expect(!String(decoding: capabilities(environment).query, as: UTF8.self).contains("$q"))
        #expect(String(decoding: capabilities().query, as: UTF8.self).contains("\u{1B}P$qm\u{1B}\\"))
    }

    @Test("tmux names itself where its variables were lost, and a terminal started within tmux does, too") func namedMultiplexer() {
        let remote = capabilities(["TERM": "screen-256color"], replies: tmux)
        #expect(remote.multiplexer == .tmux)
        #expect(remote.pictureColors == .full)
        #expect(capabilities(["TERM": "xterm-256color", "TMUX": "/tmp/x"], replies: xterm).multiplexer == nil)
    }

    @Test(
        "Through tmux, kitty's pictures come where it lets them through to a terminal that shows placeholders",
        arguments: [
            ("kitty(0.28.1)|1", true), ("kitty(1.0.0)|on", true), ("ghostty 1.0.0|all", true), ("kitty(0.35.0)|0", false),
            ("kitty(0.35.0)|off", false), ("kitty(0.26.5)|1", false), ("kitty|1", false), ("WezTerm 20240203|1", false), ("|1", false),
        ])
    func placeholders(answer: String, expected: Bool) throws {
        let environment = ["TERM": "tmux-256color", "TMUX": "/tmp/x"]
        let client = try #require(TmuxClient(answer: answer + "\n"))
        let inside = capabilities(environment, inTmux: client, replies: tmux)
        #expect(inside.hasKittyGraphics == expected && (inside.limitation == nil) == expected)
        if !expected { #expect(inside.limitation?.contains("allow-passthrough") == true) }
        // Not before tmux has said that it is there, nor in a terminal that was started from within it.
        #expect(!capabilities(environment, inTmux: client).hasKittyGraphics)
        #expect(!capabilities(environment, inTmux: client, replies: xterm).hasKittyGraphics)
    }

    @Test("What is no answer of tmux tells nothing", arguments: ["", "\n", "kitty(0.35.0)", "a|b|c", "no server running\n"])
    func noClient(answer: String) { #expect(TmuxClient(answer: answer) == nil) }

    @Test("UTF-8 is what moves the cursor by one column for two bytes, whatever the locale says", arguments: [[:], ["LANG": "C.UTF-8"]])
    func asksForUnicode(locale: [String: String]) {
        let environment = locale.merging(["TERM": "xterm-256color"]) { $1 }
        #expect(capabilities(environment, replies: "\u{1B}[7;2R\u{1B}[?62c").isUnicode)
        #expect(!capabilities(environment, replies: "\u{1B}[7;3R\u{1B}[?62c").isUnicode)
        #expect(!capabilities(environment, replies: "\u{1B}[7;1R\u{1B}[?62c").isUnicode)
        let bytes = String(decoding: capabilities(environment).erasedQuery(), as: UTF8.self)
        #expect(bytes.contains("\r\u{E9}\u{1B}[6n\r"))
        #expect(
            String(decoding: capabilities(environment).erasedQuery(inRow: 1), as: UTF8.self).hasPrefix("\u{1B}7\u{1B}[2;1H\u{E9}\u{1B}[6n"))
        #expect(bytes.hasSuffix("\u{1B}[c\r\u{1B}[K\u{1B}8"))
    }

    @Test("Neither a later answer nor tmux, which always knows UTF-8, tells of the terminal's") func distrustsColumns() {
        #expect(capabilities(replies: "\u{1B}[?62c\u{1B}[5;3R").isUnicode)
        #expect(!capabilities(["TERM": "tmux-256color", "TMUX": "/tmp/x"], replies: "\u{1B}[9;2R\u{1B}[?62c").isUnicode)
    }

    @Test("The background is what the terminal reports, or COLORFGBG") func background() {
        #expect(capabilities(replies: "\u{1B}]11;rgba:ffff/8080/0000/ffff\u{7}").background == .rgb(255, 128, 0))
        #expect(capabilities(["TERM": "rxvt", "COLORFGBG": "0;default;15"]).background == .rgb(255, 255, 255))
        #expect(
            capabilities(["TERM": "rxvt", "COLORFGBG": "15;0"], replies: "\u{1B}]11;rgb:ff/ff/ff\u{7}").background == .rgb(255, 255, 255))
        #expect(capabilities(["TERM": "linux"]).background == .rgb(0, 0, 0))
        #expect(capabilities(["TERM": "rxvt", "COLORFGBG": "x;;"]).background == nil)
        #expect(capabilities(replies: "\u{1B}]11;rgba:ff/ff/ff\u{7}\u{1B}]11;pink\u{7}").background == nil)
    }

    @Test("A terminal without colours gets pictures of characters") func asciiOnly() {
        #expect(capabilities(["TERM": "dumb"]).graphics == [.ascii])
    }

    @Test("The query asks for the device attributes last, and once") func query() {
        let text = String(decoding: capabilities().query, as: UTF8.self)
        #expect(text.hasSuffix("\u{1B}[c"))
        #expect(text.components("\u{1B}[c") == 2)
    }
}

extension String {
    fileprivate func components(_ separator: String) -> Int { split(separator: separator, omittingEmptySubsequences: false).count }
}
