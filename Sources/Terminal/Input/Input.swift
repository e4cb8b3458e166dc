/// What arrives from the terminal.
public enum Input: Equatable, Sendable {
    case key(Key, Modifiers)
    case mouse(MouseEvent)
    /// Pasted text, in one piece; it may hold any character.
    case paste(String)
    /// The terminal's window got the keyboard (`true`) or lost it.
    case focus(Bool)
    /// The terminal's answer to a query, whenever it comes.
    case reply(Reply)
    /// The window changed its size.
    case resize
}

/// A key, named by what it means.
public enum Key: Hashable, Sendable {
    /// A character as typed: Shift is in the character, and Control-C is `.character("c")` with `.control`.
    case character(Character)
    case up, down, left, right
    case home, end, pageUp, pageDown
    case insert, delete, backspace
    case tab, backTab, enter, escape
    /// F1 is `.function(1)`.
    case function(Int)
}

/// The keys held while another is pressed.
public struct Modifiers: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let shift = Modifiers(rawValue: 1)
    public static let alt = Modifiers(rawValue: 2)
    public static let control = Modifiers(rawValue: 4)
}

/// A press, movement or turn of the mouse.
public struct MouseEvent: Hashable, Sendable {
    public enum Button: Hashable, Sendable {
        case left, middle, right
    }

    public enum WheelDirection: Hashable, Sendable {
        case up, down, left, right
    }

    public enum Kind: Hashable, Sendable {
        case press(Button)
        case release(Button)
        /// A movement with the button held.
        case drag(Button)
        /// A movement with no button held.
        case move
        case wheel(WheelDirection)
    }

    public var kind: Kind
    /// The cell's column, from 0.
    public var column: Int
    /// The cell's row, from 0.
    public var row: Int
    public var modifiers: Modifiers

    public init(_ kind: Kind, column: Int, row: Int, modifiers: Modifiers = []) {
        self.kind = kind
        self.column = column
        self.row = row
        self.modifiers = modifiers
    }
}
