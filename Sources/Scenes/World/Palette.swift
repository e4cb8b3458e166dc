/// Colours that several things share.
enum Palette {
    static let cream = RGB(0xFFF8E8)
    static let ink = RGB(0x2B2440)
    static let wood = RGB(0x7A5640)
    static let lamplight = RGB(0xFFD878)
}

extension Scene.Colour {
    /// The colour as it is painted, the same in any light so that it can always be told.
    var paint: RGB {
        switch self {
        case .red: RGB(0xDC2A32)
        case .orange: RGB(0xF97E16)
        case .yellow: RGB(0xFFD21F)
        case .green: RGB(0x2FA53F)
        case .teal: RGB(0x1FC4BC)
        case .blue: RGB(0x2A5CE0)
        case .purple: RGB(0x8A3CC8)
        case .pink: RGB(0xFF86BE)
        case .brown: RGB(0x80481E)
        }
    }
}
