/// How a camera was held: what must be done to the stored pixels to see the picture upright (EXIF tag 0x0112).
enum Orientation: UInt16 {
    case upright = 1
    case mirrored, rotated180, flipped
    case transposed, rotated90, transversed, rotated270

    private var swapsSides: Bool { rawValue >= Self.transposed.rawValue }

    /// Where the upright picture's pixels lie among `width` × `height` stored ones: the first, and the way right and down.
    private func walk(width: Int, height: Int) -> (start: Int, right: Int, down: Int) {
        let topRight = width - 1
        let bottomLeft = (height - 1) * width
        return switch self {
        case .upright: (0, 1, width)
        case .mirrored: (topRight, -1, width)
        case .rotated180: (bottomLeft + topRight, -1, -width)
        case .flipped: (bottomLeft, 1, -width)
        case .transposed: (0, width, 1)
        case .rotated90: (bottomLeft, -width, 1)
        case .transversed: (bottomLeft + topRight, -width, -1)
        case .rotated270: (topRight, width, -1)
        }
    }

    /// The stored picture turned upright, as Pillow's `ImageOps.exif_transpose`.
    func apply(to stored: Picture) -> Picture {
        if self == .upright { return stored }
        let (start, right, down) = walk(width: stored.width, height: stored.height)
        let width = swapsSides ? stored.height : stored.width
        let height = swapsSides ? stored.width : stored.height
        return stored.pixels.withUnsafeBufferPointer { source in
            Picture(width: width, height: height) { target in
                var next = 0
                for y in 0..<height {
                    for x in 0..<width {
                        let from = (start + x * right + y * down) * 3
                        for channel in 0..<3 { target[next + channel] = source[from + channel] }
                        next += 3
                    }
                }
            }
        }
    }
}
