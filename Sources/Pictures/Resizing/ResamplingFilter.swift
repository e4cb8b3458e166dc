import Foundation

/// How samples are weighted when a picture changes size; each is Pillow's filter of that name.
public enum ResamplingFilter: String, Sendable, CaseIterable {
    /// A triangle, 1 pixel to either side.
    case bilinear
    /// Keys' cubic with a = −0.5, 2 pixels to either side.
    case bicubic
    /// A windowed sinc, 3 pixels to either side.
    case lanczos

    /// How far the filter reaches from its centre.
    var support: Double {
        switch self {
        case .bilinear: 1
        case .bicubic: 2
        case .lanczos: 3
        }
    }

    /// The weight of a sample at `distance` from the centre.
    func weight(at distance: Double) -> Double {
        let x = abs(distance)
        guard x < support else { return 0 }
        return switch self {
        case .bilinear: 1 - x
        case .bicubic: Self.cubic(x)
        case .lanczos: Self.sinc(x) * Self.sinc(x / 3)
        }
    }

    private static func cubic(_ x: Double) -> Double {
        let a = -0.5
        return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : (((x - 5) * x + 8) * x - 4) * a
    }

    private static func sinc(_ x: Double) -> Double {
        x == 0 ? 1 : sin(x * .pi) / (x * .pi)
    }
}
