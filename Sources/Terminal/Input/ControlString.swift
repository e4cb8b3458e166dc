/// The kinds of strings that terminals put replies in.
enum ControlString {
    case deviceControl
    case operatingSystem
    case application
    /// Start of string and privacy message, which hold nothing of interest.
    case ignored

    /// The kind that begins with an escape character and this byte.
    init?(introducer: UInt8) {
        switch introducer {
        case UInt8(ascii: "P"): self = .deviceControl
        case UInt8(ascii: "]"): self = .operatingSystem
        case UInt8(ascii: "_"): self = .application
        case UInt8(ascii: "X"), UInt8(ascii: "^"): self = .ignored
        default: return nil
        }
    }

    /// The letter that was typed with Alt if no string follows.
    var introducer: Character {
        switch self {
        case .deviceControl: "P"
        case .operatingSystem: "]"
        case .application: "_"
        case .ignored: "X"
        }
    }
}
