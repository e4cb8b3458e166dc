/// How a row of a PNG file was predicted from its neighbours before compression (PNG specification, 9.2).
enum PNGFilter: UInt8 {
    case none, left, up, average, paeth

    /// Restores a row in place from its differences, given the restored row above; `distance` is in bytes.
    func undo(_ row: UnsafeMutableBufferPointer<UInt8>, above: UnsafeMutableBufferPointer<UInt8>, distance: Int) {
        switch self {
        case .none:
            break
        case .left:
            for i in row.indices.dropFirst(distance) { row[i] &+= row[i - distance] }
        case .up:
            for i in row.indices { row[i] &+= above[i] }
        case .average:
            for i in row.indices {
                let left = i >= distance ? Int(row[i - distance]) : 0
                row[i] &+= UInt8(truncatingIfNeeded: (left + Int(above[i])) / 2)
            }
        case .paeth:
            for i in row.indices.prefix(distance) { row[i] &+= above[i] }
            for i in row.indices.dropFirst(distance) {
                row[i] &+= Self.paeth(left: row[i - distance], above: above[i], aboveLeft: above[i - distance])
            }
        }
    }

    /// The neighbour that is closest to left + above − aboveLeft.
    @inline(__always)
    static func paeth(left: UInt8, above: UInt8, aboveLeft: UInt8) -> UInt8 {
        let a = Int(left)
        let b = Int(above)
        let c = Int(aboveLeft)
        let fromLeft = abs(b - c)
        let fromAbove = abs(a - c)
        let fromAboveLeft = abs(a + b - c - c)
        if fromLeft <= fromAbove && fromLeft <= fromAboveLeft { return left }
        return fromAbove <= fromAboveLeft ? above : aboveLeft
    }
}
