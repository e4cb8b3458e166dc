extension Reply {
    /// The reply that a control sequence carries.
    init?(_ sequence: ControlSequence) {
        switch (sequence.prefix, sequence.intermediates, sequence.final) {
        case (UInt8(ascii: "?"), [], UInt8(ascii: "c")): self = .deviceAttributes(sequence.parameters.compactMap(\.self))
        case (UInt8(ascii: "?"), [UInt8(ascii: "$")], UInt8(ascii: "y")): self.init(privateMode: sequence)
        case (UInt8(ascii: "?"), [], UInt8(ascii: "S")): self.init(graphicsAttribute: sequence)
        case (nil, [], UInt8(ascii: "t")): self.init(window: sequence)
        case (nil, [], UInt8(ascii: "R")), (UInt8(ascii: "?"), [], UInt8(ascii: "R")): self.init(cursorPosition: sequence)
        case (nil, [], UInt8(ascii: "n")) where sequence.numbers(from: 0) == [0]: self = .ready
        default: return nil
        }
    }

    /// The reply that a string carries.
    init?(_ kind: ControlString, _ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        switch kind {
        case .deviceControl where text.hasPrefix(">|"): self = .version(String(text.dropFirst(2)))
        case .deviceControl where text.hasPrefix("1$r") && text.hasSuffix("m"): self = .rendition(String(text.dropFirst(3).dropLast()))
        case .operatingSystem where text.hasPrefix("11;"): self.init(color: text.dropFirst(3))
        case .application where text.hasPrefix("G"): self.init(kitty: text.dropFirst())
        default: return nil
        }
    }

    private init?(privateMode sequence: ControlSequence) {
        guard let numbers = sequence.numbers(from: 0), numbers.count == 2, let state = ModeState(rawValue: numbers[1]) else { return nil }
        self = .privateMode(numbers[0], state)
    }

    private init?(graphicsAttribute sequence: ControlSequence) {
        guard let numbers = sequence.numbers(from: 0), numbers.count >= 2 else { return nil }
        self = .graphicsAttribute(item: numbers[0], status: numbers[1], values: Array(numbers.dropFirst(2)))
    }

    private init?(window sequence: ControlSequence) {
        guard let numbers = sequence.numbers(from: 0), numbers.count == 3 else { return nil }
        switch numbers[0] {
        case 4: self = .textAreaPixels(PixelSize(width: numbers[2], height: numbers[1]))
        case 6: self = .cellSize(PixelSize(width: numbers[2], height: numbers[1]))
        case 8: self = .textAreaCells(GridSize(columns: numbers[2], rows: numbers[1]))
        default: return nil
        }
    }

    private init?(cursorPosition sequence: ControlSequence) {
        guard let numbers = sequence.numbers(from: 0), numbers.count >= 2 else { return nil }
        self = .cursorPosition(column: max(0, numbers[1] - 1), row: max(0, numbers[0] - 1))
    }

    /// - Parameter color: `rgb:` and three hexadecimal numbers of one to four digits, each a fraction of its largest value, or `rgba:` and
    ///   four.
    private init?(color: Substring) {
        let halves = color.split(separator: ":")
        guard let count = ["rgb": 3, "rgba": 4][halves.first ?? ""], halves.count == 2 else { return nil }
        let channels = halves[1].split(separator: "/").compactMap(Self.channel)
        guard channels.count == count else { return nil }
        self = .backgroundColor(channels[0], channels[1], channels[2])
    }

    private static func channel(_ digits: Substring) -> UInt8? {
        guard (1...4).contains(digits.count), let value = UInt32(digits, radix: 16) else { return nil }
        return UInt8(value * 255 / (1 << (4 * UInt32(digits.count)) - 1))
    }

    private init?(kitty text: Substring) {
        guard let separator = text.firstIndex(of: ";") else { return nil }
        self = .kittyGraphics(String(text[text.index(after: separator)...]))
    }
}
