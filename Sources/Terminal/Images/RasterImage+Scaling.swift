extension RasterImage {
    /// The picture in another size: every pixel is the mean of the area it covers, or lies between its neighbours where the picture grows.
    ///
    /// Meant for showing, not for the networks: it takes about a millisecond. Sizes below 1 count as 1.
    public func scaled(toWidth newWidth: Int, height newHeight: Int) -> RasterImage {
        let newWidth = max(1, newWidth)
        let newHeight = max(1, newHeight)
        if newWidth == width, newHeight == height { return self }
        let columns = ScalingAxis(from: width, to: newWidth)
        let rows = ScalingAxis(from: height, to: newHeight)
        let narrow = Self.scaleColumns(pixels, rows: height, width: width, columns)
        return RasterImage(unchecked: newWidth, newHeight, Self.scaleRows(narrow, rowLength: 3 * newWidth, rows))
    }

    /// The picture as large as fits into a size with its proportions kept.
    public func fitted(into size: PixelSize) -> RasterImage {
        let scale = min(Double(size.width) / Double(width), Double(size.height) / Double(height))
        return scaled(toWidth: Int((Double(width) * scale).rounded()), height: Int((Double(height) * scale).rounded()))
    }

    private static func scaleColumns(_ source: [UInt8], rows: Int, width: Int, _ axis: ScalingAxis) -> [UInt8] {
        let newWidth = axis.starts.count
        return [UInt8](unsafeUninitializedCapacity: 3 * newWidth * rows) { result, count in
            count = 3 * newWidth * rows
            source.withUnsafeBufferPointer { source in
                axis.weights.withUnsafeBufferPointer { weights in
                    for row in 0..<rows {
                        for column in 0..<newWidth {
                            var red = ScalingAxis.half
                            var green = ScalingAxis.half
                            var blue = ScalingAxis.half
                            var from = 3 * (row * width + axis.starts[column])
                            for tap in 0..<axis.taps {
                                let weight = weights[column * axis.taps + tap]
                                red &+= weight &* Int32(source[from])
                                green &+= weight &* Int32(source[from + 1])
                                blue &+= weight &* Int32(source[from + 2])
                                from += 3
                            }
                            let to = 3 * (row * newWidth + column)
                            result[to] = ScalingAxis.byte(red)
                            result[to + 1] = ScalingAxis.byte(green)
                            result[to + 2] = ScalingAxis.byte(blue)
                        }
                    }
                }
            }
        }
    }

    private static func scaleRows(_ source: [UInt8], rowLength: Int, _ axis: ScalingAxis) -> [UInt8] {
        let newHeight = axis.starts.count
        var sums = [Int32](repeating: 0, count: rowLength)
        return [UInt8](unsafeUninitializedCapacity: rowLength * newHeight) { result, count in
            count = rowLength * newHeight
            source.withUnsafeBufferPointer { source in
                sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<newHeight {
                        sums.update(repeating: ScalingAxis.half)
                        for tap in 0..<axis.taps {
                            let weight = axis.weights[row * axis.taps + tap]
                            let from = (axis.starts[row] + tap) * rowLength
                            for index in 0..<rowLength { sums[index] &+= weight &* Int32(source[from + index]) }
                        }
                        for index in 0..<rowLength { result[row * rowLength + index] = ScalingAxis.byte(sums[index]) }
                    }
                }
            }
        }
    }
}

/// For every new position along one axis, where its old neighbours begin and how much each counts.
private struct ScalingAxis {
    /// Weights are fractions of 2¹⁶.
    static let one: Int32 = 1 << 16
    static let half: Int32 = 1 << 15

    let taps: Int
    let starts: [Int]
    /// `taps` for every new position; they add up to `one`.
    let weights: [Int32]

    init(from old: Int, to new: Int) {
        let scale = Double(old) / Double(new)
        // A triangle as wide as the step, but never narrower than the old pixels: area mean downwards, bilinear upwards.
        let radius = max(1, scale)
        let taps = min(old, Int((2 * radius).rounded(.up)) + 1)
        var starts: [Int] = []
        var weights: [Int32] = []
        for position in 0..<new {
            let center = (Double(position) + 0.5) * scale
            let start = max(0, min(old - taps, Int((center - radius).rounded(.down))))
            let raw = (0..<taps).map { max(0, 1 - abs(Double(start + $0) + 0.5 - center) / radius) }
            let sum = raw.reduce(0, +)
            var fixed = raw.map { Int32(($0 / sum * Double(Self.one)).rounded()) }
            let largest = fixed.indices.max { fixed[$0] < fixed[$1] } ?? 0
            fixed[largest] += Self.one - fixed.reduce(0, +)
            starts.append(start)
            weights += fixed
        }
        self.taps = taps
        self.starts = starts
        self.weights = weights
    }

    @inline(__always) static func byte(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> 16) }
}
