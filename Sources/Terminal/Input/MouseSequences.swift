extension MouseEvent {
    /// The event of an SGR mouse report, `CSI < code ; column ; row M` (pressed) or `m` (released).
    init?(_ sequence: ControlSequence) {
        guard sequence.prefix == UInt8(ascii: "<"), sequence.intermediates.isEmpty, sequence.parameters.count == 3 else { return nil }
        let isRelease: Bool
        switch sequence.final {
        case UInt8(ascii: "M"): isRelease = false
        case UInt8(ascii: "m"): isRelease = true
        default: return nil
        }
        self.init(code: sequence.parameter(0), isRelease: isRelease, column: sequence.parameter(1), row: sequence.parameter(2))
    }

    /// The event of an old mouse report: three bytes after `CSI M`, each 32 more than its number.
    init?(legacy bytes: [UInt8]) {
        let numbers = bytes.map { Int($0) - 32 }
        // The old report does not say which button was released; the left one is what matters here.
        let isRelease = numbers[0] & 0xE3 == 3
        self.init(code: isRelease ? numbers[0] & ~3 : numbers[0], isRelease: isRelease, column: numbers[1], row: numbers[2])
    }

    /// - Parameters:
    ///   - code: the button in bits 0, 1 and 6, Shift, Alt and Control in 2 to 4, movement in 5.
    ///   - column: the cell's column, counted from 1 as the terminal does.
    ///   - row: the cell's row, counted from 1.
    private init?(code: Int, isRelease: Bool, column: Int, row: Int) {
        guard (0..<128).contains(code), let kind = Kind(code: code, isRelease: isRelease) else { return nil }
        let modifiers = Modifiers(rawValue: UInt8(code >> 2 & 7))
        self.init(kind, column: max(0, column - 1), row: max(0, row - 1), modifiers: modifiers)
    }
}

extension MouseEvent.Kind {
    fileprivate init?(code: Int, isRelease: Bool) {
        if code & 64 != 0 {
            let directions: [MouseEvent.WheelDirection] = [.up, .down, .left, .right]
            self = .wheel(directions[code & 3])
            return
        }
        if code & 3 == 3, code & 32 != 0 {
            self = .move
            return
        }
        let buttons: [MouseEvent.Button] = [.left, .middle, .right]
        guard code & 3 < buttons.count else { return nil }
        let button = buttons[code & 3]
        self = isRelease ? .release(button) : code & 32 != 0 ? .drag(button) : .press(button)
    }
}
