/// A colour in sRGB, each channel from 0 to 1.
typealias RGB = SIMD3<Float>

extension RGB {
    /// The colour written 0xRRGGBB.
    init(_ hex: UInt32) {
        self = RGB(Float(hex >> 16 & 0xFF), Float(hex >> 8 & 0xFF), Float(hex & 0xFF)) / 255
    }

    /// The colour `amount` of the way to another.
    func mixed(with other: RGB, _ amount: Float) -> RGB {
        self + (other - self) * amount
    }

    /// The grey of the same brightness (ITU-R BT.601).
    var grey: RGB {
        RGB(repeating: 0.299 * x + 0.587 * y + 0.114 * z)
    }
}
