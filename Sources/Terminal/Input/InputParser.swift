/// Turns the bytes that a terminal sends into keys, mouse events, pastes and replies.
///
/// Bytes may arrive split anywhere; what is not understood is dropped; nothing is kept without bound. Both 7-bit and 8-bit
/// control characters are understood, since UTF-8 never starts a character with a byte from 80 to 9F.
public struct InputParser: Sendable {
    /// What the parser is in the middle of, which decides how long to wait before `flush()`.
    public enum Pending: Sendable {
        case nothing
        /// An escape character: the Escape key, or the start of a sequence whose rest is on its way.
        case escape
        /// A sequence, string or paste that has begun and not ended.
        case sequence
    }

    private enum State {
        case ground
        case character(length: Int, Modifiers)
        case escape
        case singleShift
        case control
        case legacyMouse
        case string(ControlString)
        case stringEscape(ControlString)
        /// Of the mark that ends a paste, how many bytes have come.
        case paste(matched: Int)
    }

    private static let longestSequence = 4096
    private static let longestPaste = 1 << 20
    private static let escape: UInt8 = 0x1B
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    private var state = State.ground
    /// What has arrived of the sequence, string, paste or character in hand.
    private var buffer: [UInt8] = []
    private var isTooLong = false
    private var inputs: [Input] = []

    public init() {}

    /// What is waiting for more bytes.
    public var pending: Pending {
        switch state {
        case .ground: .nothing
        case .escape: .escape
        case .singleShift, .control, .string: buffer.isEmpty ? .escape : .sequence
        case .character, .legacyMouse, .stringEscape, .paste: .sequence
        }
    }

    /// Takes bytes as they came and returns what they complete.
    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [Input] {
        for byte in bytes { take(byte) }
        return takeInputs()
    }

    /// Settles what is pending because nothing more came: a lone escape character is the Escape key, the rest of a broken sequence is dropped.
    public mutating func flush() -> [Input] {
        switch state {
        case .ground, .character, .legacyMouse, .stringEscape: break
        case .escape: emit(.escape)
        case .singleShift: emitIntroducer("O")
        case .control: emitIntroducer("[")
        case .string(let kind): emitIntroducer(kind.introducer)
        case .paste: endPaste()
        }
        begin(.ground)
        return takeInputs()
    }

    private mutating func takeInputs() -> [Input] {
        defer { inputs.removeAll() }
        return inputs
    }

    private mutating func begin(_ next: State) {
        state = next
        buffer.removeAll(keepingCapacity: buffer.capacity <= Self.longestSequence)
        isTooLong = false
    }

    private mutating func keep(_ byte: UInt8, limit: Int = longestSequence) {
        if buffer.count < limit { buffer.append(byte) } else { isTooLong = true }
    }

    private mutating func emit(_ key: Key, _ modifiers: Modifiers = []) {
        inputs.append(.key(key, modifiers))
    }

    /// Alt and a letter look like the start of a sequence until nothing follows.
    private mutating func emitIntroducer(_ letter: Character) {
        if buffer.isEmpty { emit(.character(letter), .alt) }
    }

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .ground: takeGround(byte)
        case .character(let length, let modifiers): takeCharacter(byte, length: length, modifiers)
        case .escape: takeEscape(byte)
        case .singleShift: takeSingleShift(byte)
        case .control: takeControl(byte)
        case .legacyMouse: takeLegacyMouse(byte)
        case .string(let kind): takeString(byte, kind)
        case .stringEscape(let kind): takeStringEscape(byte, kind)
        case .paste(let matched): takePaste(byte, matched: matched)
        }
    }

    private mutating func takeGround(_ byte: UInt8, _ modifiers: Modifiers = []) {
        switch byte {
        case Self.escape: begin(.escape)
        case 0x80...0x9F: takeIntroducer(byte - 0x40)
        case 0xC2...0xF4:
            begin(.character(length: byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4, modifiers))
            keep(byte)
        case 0..<0x80:
            let (key, held) = Key.named(byte: byte)
            emit(key, held.union(modifiers))
        default: break
        }
    }

    private mutating func takeCharacter(_ byte: UInt8, length: Int, _ modifiers: Modifiers) {
        guard (0x80...0xBF).contains(byte) else {
            begin(.ground)
            return take(byte)
        }
        keep(byte)
        guard buffer.count == length else { return }
        if let character = String(validating: buffer, as: UTF8.self)?.first { emit(.character(character), modifiers) }
        begin(.ground)
    }

    private mutating func takeEscape(_ byte: UInt8) {
        if byte == Self.escape { return emit(.escape) }
        begin(.ground)
        if (0x80...0x9F).contains(byte) {
            emit(.escape)
            take(byte)
        } else if !takeIntroducer(byte) {
            takeGround(byte, .alt)
        }
    }

    /// Begins what a 7-bit introducer announces.
    /// - Returns: whether it announces anything.
    @discardableResult
    private mutating func takeIntroducer(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "["): begin(.control)
        case UInt8(ascii: "O"): begin(.singleShift)
        default:
            guard let kind = ControlString(introducer: byte) else { return false }
            begin(.string(kind))
        }
        return true
    }

    private mutating func takeSingleShift(_ byte: UInt8) {
        if (0x30...0x39).contains(byte) { return keep(byte) }
        let modifiers = Modifiers(parameter: ControlSequence(body: buffer, final: byte).parameter(0, or: 1))
        begin(.ground)
        if let key = Key.named(singleShift: byte) { emit(key, modifiers) } else if byte < 0x20 { take(byte) }
    }

    private mutating func takeControl(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "[") where buffer.isEmpty:
            // The Linux console sends its first function keys as `CSI [ A` to `CSI [ E`.
            keep(byte)
        case 0x20...0x3F: keep(byte)
        case 0x40...0x7E:
            let sequence = isTooLong ? nil : ControlSequence(body: buffer, final: byte)
            begin(.ground)
            if let sequence { take(sequence) }
        default:
            begin(.ground)
            take(byte)
        }
    }

    private mutating func take(_ sequence: ControlSequence) {
        if sequence.prefix == nil, sequence.parameters.isEmpty, sequence.final == UInt8(ascii: "M") {
            begin(.legacyMouse)
        } else if sequence.prefix == nil, sequence.final == UInt8(ascii: "~"), sequence.parameter(0) == 200 {
            begin(.paste(matched: 0))
        } else if let input = Input(sequence) {
            inputs.append(input)
        }
    }

    private mutating func takeLegacyMouse(_ byte: UInt8) {
        keep(byte)
        guard buffer.count == 3 else { return }
        if let event = MouseEvent(legacy: buffer) { inputs.append(.mouse(event)) }
        begin(.ground)
    }

    private mutating func takeString(_ byte: UInt8, _ kind: ControlString) {
        switch byte {
        case Self.escape: state = .stringEscape(kind)
        case 0x07, 0x9C: endString(kind)
        case 0x20..<0x7F, 0x80...: keep(byte)
        default:
            // No reply holds a control character, so the string was none: Control-C must still arrive.
            begin(.ground)
            take(byte)
        }
    }

    private mutating func takeStringEscape(_ byte: UInt8, _ kind: ControlString) {
        if byte == UInt8(ascii: "\\") { return endString(kind) }
        begin(.escape)
        take(byte)
    }

    private mutating func endString(_ kind: ControlString) {
        if !isTooLong, let reply = Reply(kind, buffer) { inputs.append(.reply(reply)) }
        begin(.ground)
    }

    /// Text goes to the buffer, but for the part that may be the mark of the end.
    private mutating func takePaste(_ byte: UInt8, matched: Int) {
        guard byte != Self.pasteEnd[matched] else {
            if matched + 1 < Self.pasteEnd.count {
                state = .paste(matched: matched + 1)
                return
            }
            endPaste()
            return begin(.ground)
        }
        for held in Self.pasteEnd.prefix(matched) { keep(held, limit: Self.longestPaste) }
        if byte == Self.escape {
            state = .paste(matched: 1)
            return
        }
        keep(byte, limit: Self.longestPaste)
        state = .paste(matched: 0)
    }

    /// Terminals send a line's end as a carriage return.
    private mutating func endPaste() {
        let text = String(decoding: buffer, as: UTF8.self)
        inputs.append(.paste(String(text.map { $0.isNewline ? "\n" : $0 })))
    }
}
