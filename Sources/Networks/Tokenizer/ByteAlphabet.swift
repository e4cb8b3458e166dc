/// One printable character for each byte, so that any text can be written as tokens: GPT-2's table.
public enum ByteAlphabet {
    /// The character of each byte.
    public static let characters: [Character] = {
        var spare = 0
        return (0..<256).map { byte -> Character in
            if isPrintable(byte) { return character(byte) }
            defer { spare += 1 }
            return character(256 + spare)
        }
    }()

    private static func isPrintable(_ byte: Int) -> Bool {
        (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
    }

    private static func character(_ code: Int) -> Character { Character(Unicode.Scalar(UInt16(code)) ?? " ") }
}
