extension Modifiers {
    /// The modifiers that xterm encodes as a number: 1, plus 1 for Shift, 2 for Alt, 4 for Control.
    init(parameter: Int) {
        self.init(rawValue: UInt8(truncatingIfNeeded: max(0, parameter - 1)) & 7)
    }
}

extension Key {
    /// The key that sends one byte below 0x80.
    static func named(byte: UInt8) -> (Key, Modifiers) {
        switch byte {
        case 0x00: (.character(" "), .control)
        case 0x08, 0x7F: (.backspace, [])
        case 0x09: (.tab, [])
        case 0x0A, 0x0D: (.enter, [])
        case 0x1B: (.escape, [])
        case 0x01...0x1A: (.character(Character(Unicode.Scalar(byte + 0x60))), .control)
        case 0x1C...0x1F: (.character(Character(Unicode.Scalar(byte + 0x40))), .control)
        default: (.character(Character(Unicode.Scalar(byte))), [])
        }
    }

    /// The key that sends `SS3` and this byte: function keys and the keypad in their application modes.
    static func named(singleShift byte: UInt8) -> Key? {
        switch byte {
        case UInt8(ascii: "I"): .tab
        case UInt8(ascii: "M"): .enter
        case UInt8(ascii: "X"): .character("=")
        case UInt8(ascii: "j")...UInt8(ascii: "y"): .character(Character(Unicode.Scalar(byte - 0x40)))
        default: named(final: byte)
        }
    }

    /// The key whose sequence ends in this letter.
    static func named(final: UInt8) -> Key? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(final - UInt8(ascii: "P")) + 1)
        case UInt8(ascii: "Z"): .backTab
        default: nil
        }
    }

    /// The key whose sequence is this number and `~`.
    static func named(number: Int) -> Key? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23...26: .function(number - 12)
        case 28, 29: .function(number - 13)
        case 31...34: .function(number - 14)
        default: nil
        }
    }

    /// The key of a code point, as `CSI code u` and `CSI 27 ; modifiers ; code ~` send it.
    static func named(codePoint: Int) -> Key? {
        guard let scalar = Unicode.Scalar(UInt32(clamping: codePoint)) else { return nil }
        return scalar.isASCII ? named(byte: UInt8(scalar.value)).0 : .character(Character(scalar))
    }
}

extension Input {
    /// The key, mouse event, focus change or reply that a control sequence stands for.
    init?(_ sequence: ControlSequence) {
        if let key = Input(key: sequence) {
            self = key
        } else if let event = MouseEvent(sequence) {
            self = .mouse(event)
        } else if let reply = Reply(sequence) {
            self = .reply(reply)
        } else {
            return nil
        }
    }

    private init?(key sequence: ControlSequence) {
        guard sequence.prefix == nil else { return nil }
        if sequence.intermediates == [UInt8(ascii: "[")] {
            guard (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(sequence.final) else { return nil }
            self = .key(.function(Int(sequence.final - UInt8(ascii: "A")) + 1), [])
            return
        }
        guard sequence.intermediates.isEmpty else { return nil }
        switch sequence.final {
        case UInt8(ascii: "I"): self = .focus(true)
        case UInt8(ascii: "O"): self = .focus(false)
        case UInt8(ascii: "~"): self.init(numbered: sequence)
        case UInt8(ascii: "u"): self.init(Key.named(codePoint: sequence.parameter(0)), modifiers: sequence.parameter(1, or: 1))
        case UInt8(ascii: "R") where !sequence.isModifiedKey: return nil
        default: self.init(Key.named(final: sequence.final), modifiers: sequence.parameter(1, or: 1))
        }
    }

    private init?(numbered sequence: ControlSequence) {
        if sequence.parameter(0) == 27, sequence.parameters.count == 3 {
            self.init(Key.named(codePoint: sequence.parameter(2)), modifiers: sequence.parameter(1, or: 1))
        } else {
            self.init(Key.named(number: sequence.parameter(0)), modifiers: sequence.parameter(1, or: 1))
        }
    }

    private init?(_ key: Key?, modifiers: Int) {
        guard let key else { return nil }
        self = .key(key, Modifiers(parameter: modifiers))
    }
}

extension ControlSequence {
    /// Whether `CSI … R` is F3 and not the cursor's position, which looks the same in the first row's first columns.
    fileprivate var isModifiedKey: Bool {
        parameters.isEmpty || (parameters.count == 2 && parameter(0) == 1 && (2...8).contains(parameter(1)))
    }
}
