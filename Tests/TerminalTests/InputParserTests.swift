import TestSupport
import Testing

@testable import Terminal

private func key(_ key: Key, _ modifiers: Modifiers = []) -> Input { .key(key, modifiers) }

/// Every kind of sequence that a terminal sends, with what it means.
private let sequences: [(bytes: String, inputs: [Input])] = [
    ("a", [key(.character("a"))]),
    ("漢é😀", [key(.character("漢")), key(.character("é")), key(.character("😀"))]),
    ("\u{3}", [key(.character("c"), .control)]),
    ("\u{0}", [key(.character(" "), .control)]),
    ("\r\n\t\u{7F}\u{8}", [key(.enter), key(.enter), key(.tab), key(.backspace), key(.backspace)]),
    ("\u{1B}x", [key(.character("x"), .alt)]),
    ("\u{1B}é", [key(.character("é"), .alt)]),
    ("\u{1B}\u{3}", [key(.character("c"), [.alt, .control])]),
    ("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D", [key(.up), key(.down), key(.right), key(.left)]),
    ("\u{1B}OA\u{1B}OH\u{1B}OP\u{1B}O2S", [key(.up), key(.home), key(.function(1)), key(.function(4), .shift)]),
    ("\u{1B}Op\u{1B}Oy\u{1B}Ok\u{1B}OM\u{1B}OX", ["0", "9", "+"].map { key(.character($0)) } + [key(.enter), key(.character("="))]),
    ("\u{1B}[1;2C\u{1B}[1;5D\u{1B}[1;8A", [key(.right, .shift), key(.left, .control), key(.up, [.shift, .alt, .control])]),
    ("\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~\u{1B}[7~\u{1B}[8~", [key(.home), key(.end), key(.home), key(.end), key(.home), key(.end)]),
    ("\u{1B}[2~\u{1B}[3~\u{1B}[5~\u{1B}[6;5~", [key(.insert), key(.delete), key(.pageUp), key(.pageDown, .control)]),
    ("\u{1B}[11~\u{1B}[15~\u{1B}[17~\u{1B}[21~\u{1B}[24~", [1, 5, 6, 10, 12].map { key(.function($0)) }),
    ("\u{1B}[25~\u{1B}[28~\u{1B}[34~", [13, 15, 20].map { key(.function($0)) }),
    ("\u{1B}[[A\u{1B}[[E", [key(.function(1)), key(.function(5))]),
    ("\u{1B}[Z\u{1B}[1;2R", [key(.backTab), key(.function(3), .shift)]),
    ("\u{1B}[27;5;99~\u{1B}[99;5u\u{1B}[13;2u", [key(.character("c"), .control), key(.character("c"), .control), key(.enter, .shift)]),
    ("\u{1B}\u{1B}[A", [key(.escape), key(.up)]),
    (
        "\u{1B}[<0;1;1M\u{1B}[<0;3;2m",
        [.mouse(MouseEvent(.press(.left), column: 0, row: 0)), .mouse(MouseEvent(.release(.left), column: 2, row: 1))]
    ),
    ("\u{1B}[<32;300;200M", [.mouse(MouseEvent(.drag(.left), column: 299, row: 199))]),
    (
        "\u{1B}[<2;5;6M\u{1B}[<17;5;6M",
        [
            .mouse(MouseEvent(.press(.right), column: 4, row: 5)),
            .mouse(MouseEvent(.press(.middle), column: 4, row: 5, modifiers: .control)),
        ]
    ),
    (
        "\u{1B}[<64;5;6M\u{1B}[<65;5;6M\u{1B}[<70;5;6M",
        [
            .mouse(MouseEvent(.wheel(.up), column: 4, row: 5)), .mouse(MouseEvent(.wheel(.down), column: 4, row: 5)),
            .mouse(MouseEvent(.wheel(.left), column: 4, row: 5, modifiers: .shift)),
        ]
    ),
    ("\u{1B}[<35;5;6M\u{1B}[<128;5;6Mq", [.mouse(MouseEvent(.move, column: 4, row: 5)), key(.character("q"))]),
    ("\u{1B}[MC!\"", [.mouse(MouseEvent(.move, column: 0, row: 1))]),
    (
        "\u{1B}[M !\"\u{1B}[M#!\"",
        [.mouse(MouseEvent(.press(.left), column: 0, row: 1)), .mouse(MouseEvent(.release(.left), column: 0, row: 1))]
    ),
    ("\u{1B}[200~a\rb\u{1B}[A\u{3}\u{1B}[201~c", [.paste("a\nb\u{1B}[A\u{3}"), key(.character("c"))]),
    ("\u{1B}[200~\u{1B}\u{1B}[20\u{1B}[201~", [.paste("\u{1B}\u{1B}[20")]),
    ("\u{1B}[I\u{1B}[O", [.focus(true), .focus(false)]),
    ("\u{1B}[?63;1;2;4;6;9;15;16;22;28c", [.reply(.deviceAttributes([63, 1, 2, 4, 6, 9, 15, 16, 22, 28]))]),
    ("\u{1B}P>|XTerm(379)\u{1B}\\", [.reply(.version("XTerm(379)"))]),
    ("\u{1B}[?2026;0$y\u{1B}[?1070;1$y", [.reply(.privateMode(2026, .unknown)), .reply(.privateMode(1070, .set))]),
    (
        "\u{1B}[6;20;10t\u{1B}[4;804;1204t\u{1B}[8;40;120t",
        [
            .reply(.cellSize(PixelSize(width: 10, height: 20))), .reply(.textAreaPixels(PixelSize(width: 1204, height: 804))),
            .reply(.textAreaCells(GridSize(columns: 120, rows: 40))),
        ]
    ),
    (
        "\u{1B}[?1;0;1024S\u{1B}[?2;0;1000;1000S",
        [
            .reply(.graphicsAttribute(item: 1, status: 0, values: [1024])),
            .reply(.graphicsAttribute(item: 2, status: 0, values: [1000, 1000])),
        ]
    ),
    ("\u{1B}_Gi=31;OK\u{1B}\\\u{1B}_Gi=31;EINVAL:bad\u{1B}\\", [.reply(.kittyGraphics("OK")), .reply(.kittyGraphics("EINVAL:bad"))]),
    (
        "\u{1B}]11;rgb:1e1e/ffff/0000\u{7}\u{1B}]11;rgb:8/80/000\u{1B}\\",
        [
            .reply(.backgroundColor(0x1E, 0xFF, 0)), .reply(.backgroundColor(0x88, 0x80, 0)),
        ]
    ),
    (
        "\u{1B}[12;40R\u{1B}[?1;1R\u{1B}[0n",
        [.reply(.cursorPosition(column: 39, row: 11)), .reply(.cursorPosition(column: 0, row: 0)), .reply(.ready)]
    ),
    ("\u{1B}]2;a title\u{1B}\\\u{1B}^private\u{1B}\\\u{1B}[>1;2;3c\u{1B}[99zq", [key(.character("q"))]),
]

@Suite("Input parser") struct InputParserTests {
    @Test("Every known sequence is understood", arguments: sequences.indices) func understands(index: Int) {
        var parser = InputParser()
        #expect(parser.feed(sequences[index].bytes.utf8) == sequences[index].inputs)
        #expect(parser.pending == .nothing)
    }

    @Test("A sequence split at any byte means the same", arguments: sequences.indices) func survivesSplits(index: Int) {
        let bytes = Array(sequences[index].bytes.utf8)
        for split in 0...bytes.count {
            var parser = InputParser()
            #expect(parser.feed(bytes[..<split]) + parser.feed(bytes[split...]) == sequences[index].inputs, "split at \(split)")
        }
        var parser = InputParser()
        #expect(bytes.flatMap { parser.feed([$0]) } == sequences[index].inputs)
    }

    @Test("Replies among keys, the mouse and pastes mean the same wherever they are split", arguments: 0..<40)
    func survivesSplitMixtures(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let chosen = (0..<6).compactMap { _ in sequences.randomElement(using: &generator) }
        let bytes = chosen.flatMap { Array($0.bytes.utf8) }
        let inputs = chosen.flatMap(\.inputs)
        for split in 0...bytes.count {
            var parser = InputParser()
            #expect(parser.feed(bytes[..<split]) + parser.feed(bytes[split...]) == inputs, "split at \(split)")
        }
        for _ in 0..<20 {
            var parser = InputParser()
            var rest = bytes[...]
            var understood: [Input] = []
            while !rest.isEmpty {
                let count = Int.random(in: 1...5, using: &generator)
                understood += parser.feed(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            #expect(understood == inputs)
            #expect(parser.pending == .nothing)
        }
    }

    @Test("8-bit control characters introduce the same sequences", arguments: sequences.indices) func understandsEightBitControls(
        index: Int
    ) {
        var bytes: [UInt8] = []
        let original = Array(sequences[index].bytes.utf8)
        // Inside a paste everything is text.
        guard !sequences[index].bytes.contains("\u{1B}[200~") else { return }
        var position = 0
        while position < original.count {
            if original[position] == 0x1B, position + 1 < original.count, "[OP]_^\\".utf8.contains(original[position + 1]) {
                bytes.append(original[position + 1] + 0x40)
                position += 2
            } else {
                bytes.append(original[position])
                position += 1
            }
        }
        var parser = InputParser()
        #expect(parser.feed(bytes) == sequences[index].inputs)
    }

    @Test("An escape character alone is the Escape key once nothing follows") func loneEscape() {
        var parser = InputParser()
        #expect(parser.feed([0x1B]).isEmpty)
        #expect(parser.pending == .escape)
        #expect(parser.flush() == [key(.escape)])
        #expect(parser.pending == .nothing)
        #expect(parser.feed("[A".utf8) == [key(.character("[")), key(.character("A"))])
    }

    @Test("Alt and an introducing letter are a key once nothing follows", arguments: ["[", "O", "P", "]", "_"]) func altIntroducers(
        letter: Character
    ) {
        var parser = InputParser()
        #expect(parser.feed("\u{1B}\(letter)".utf8).isEmpty)
        #expect(parser.pending == .escape)
        #expect(parser.flush() == [key(.character(letter), .alt)])
    }

    @Test("The rest of a broken sequence is dropped", arguments: ["\u{1B}[12;", "\u{1B}P>|XTe", "\u{1B}]11;rgb", "\u{1B}_Gi=3\u{1B}"])
    func dropsBrokenSequences(bytes: String) {
        var parser = InputParser()
        #expect(parser.feed(bytes.utf8).isEmpty)
        #expect(parser.pending == .sequence)
        #expect(parser.flush().isEmpty)
        #expect(parser.feed("q".utf8) == [key(.character("q"))])
    }

    @Test(
        "Control-C arrives in the middle of anything but a paste",
        arguments: ["\u{1B}[1;", "\u{1B}P>|X", "\u{1B}]11;", "\u{1B}_G", "\u{1B}O"])
    func controlCInterrupts(bytes: String) {
        var parser = InputParser()
        #expect(parser.feed((bytes + "\u{3}").utf8) == [key(.character("c"), .control)])
    }

    @Test("A new sequence ends a broken one") func newSequenceEndsBrokenOne() {
        var parser = InputParser()
        #expect(parser.feed("\u{1B}[12;\u{1B}[A\u{1B}]11;\u{1B}[B".utf8) == [key(.up), key(.down)])
    }

    @Test("Bytes that are not UTF-8 are dropped") func dropsInvalidText() {
        var parser = InputParser()
        #expect(
            parser.feed([0xC3, 0x41, 0xE6, 0xBC, 0x42, 0xED, 0xA0, 0x80, 0xFF, 0xC0, 0x43]) == ["A", "B", "C"].map { key(.character($0)) })
    }

    @Test("A reply that is absurdly long is dropped, a paste is cut, and neither grows for ever") func boundsMemory() {
        var parser = InputParser()
        let long = String(repeating: "1", count: 10_000)
        #expect(parser.feed("\u{1B}[\(long)A\u{1B}P>|\(long)\u{1B}\\q".utf8) == [key(.character("q"))])
        let paste = parser.feed("\u{1B}[200~\(String(repeating: "x", count: 1 << 21))\u{1B}[201~q".utf8)
        #expect(paste == [.paste(String(repeating: "x", count: 1 << 20)), key(.character("q"))])
    }

    @Test("Numbers beyond any screen do not overflow") func hugeNumbers() {
        var parser = InputParser()
        _ = parser.feed("\u{1B}[<99999999999999999999;99999999999999999999;0M\u{1B}[99999999999999999999u\u{1B}[;;;~".utf8)
        #expect(parser.feed("q".utf8) == [key(.character("q"))])
    }

    @Test("Any bytes at all leave a parser that still reads keys", arguments: 0..<200) func survivesGarbage(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet =
            Array("\u{1B}[]OPM_^\\?><;:0123456789$tcyRSu~<Mm\u{7}\u{3}aé漢".utf8) + [
                0x80, 0x90, 0x9B, 0x9C, 0x9D, 0x9F, 0xC3, 0xE6, 0xF0, 0xFF,
            ]
        var parser = InputParser()
        for _ in 0..<200 {
            let length = Int.random(in: 0..<20, using: &generator)
            _ = parser.feed((0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 })
            if Bool.random(using: &generator) { _ = parser.flush() }
        }
        _ = parser.flush()
        #expect(parser.pending == .nothing)
        #expect(parser.feed("q".utf8) == [key(.character("q"))])
    }
}
