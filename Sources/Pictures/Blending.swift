/// The sample seen when `sample` with opacity `alpha` lies over white, rounded to nearest.
@inline(__always)
func overWhite(_ sample: UInt8, alpha: UInt8) -> UInt8 {
    let sum = Int(sample) * Int(alpha) + 255 * (255 - Int(alpha))
    return UInt8(truncatingIfNeeded: (sum + 127) / 255)
}
