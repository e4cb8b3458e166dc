extension Picture {
    /// The picture at another size, equal to Pillow's `Image.resize` (13.0) bit for bit.
    /// - Throws: `PictureError.badSize` when a side is less than 1 or the picture would be larger than `PictureLimits`.
    public func resized(width: Int, height: Int, filter: ResamplingFilter = .bicubic) throws(PictureError) -> Picture {
        guard PictureLimits.allow(width: width, height: height) else { throw .badSize(width: width, height: height) }
        // The order shows, because the picture between the passes is rounded to 8 bits: Pillow, since 13.0, shrinks a picture
        // downwards first where it loses more than twice as many rows as columns.
        let lostRows = self.height - height
        let lostColumns = self.width - width
        if lostRows > 0 && lostRows > lostColumns * 2 {
            return resized(toHeight: height, filter: filter).resized(toWidth: width, filter: filter)
        }
        return resized(toWidth: width, filter: filter).resized(toHeight: height, filter: filter)
    }

    private func resized(toWidth target: Int, filter: ResamplingFilter) -> Picture {
        if target == width { return self }
        let weights = ResamplingWeights(from: width, to: target, filter: filter)
        var line = PackedLine(width: width)
        return pixels.withUnsafeBufferPointer { source in
            Picture(width: target, height: height) { output in
                for y in 0..<height {
                    line.load(UnsafeBufferPointer(rebasing: source[y * width * 3..<(y + 1) * width * 3]))
                    line.resample(weights, into: UnsafeMutableBufferPointer(rebasing: output[y * target * 3..<(y + 1) * target * 3]))
                }
            }
        }
    }

    private func resized(toHeight target: Int, filter: ResamplingFilter) -> Picture {
        if target == height { return self }
        let weights = ResamplingWeights(from: height, to: target, filter: filter)
        let rowSamples = width * 3
        var sums = [Int32](repeating: 0, count: rowSamples)
        return pixels.withUnsafeBufferPointer { source in
            Picture(width: width, height: target) { output in
                for (y, span) in weights.spans.enumerated() {
                    sums.withUnsafeMutableBufferPointer { sums in
                        sums.update(repeating: 0)
                        for (row, weight) in zip(span.source, weights.weights[span.firstWeight...]) {
                            for i in 0..<rowSamples { sums[i] &+= Int32(source[row * rowSamples + i]) &* weight }
                        }
                        for i in 0..<rowSamples { output[y * rowSamples + i] = ResamplingWeights.sample(sums[i]) }
                    }
                }
            }
        }
    }
}

/// A row of pixels laid out for weighted sums.
///
/// Red and green share a 64-bit number, 32 bits apart, so that one multiplication weighs both. A negative red sum borrows from
/// green, which is given back when they are taken apart: the sums are exact.
private struct PackedLine {
    private var redGreen: [Int64]
    private var blue: [Int64]

    init(width: Int) {
        redGreen = [Int64](repeating: 0, count: width)
        blue = redGreen
    }

    mutating func load(_ row: UnsafeBufferPointer<UInt8>) {
        for x in blue.indices {
            redGreen[x] = Int64(row[x * 3]) | Int64(row[x * 3 + 1]) << 32
            blue[x] = Int64(row[x * 3 + 2])
        }
    }

    func resample(_ weights: ResamplingWeights, into target: UnsafeMutableBufferPointer<UInt8>) {
        redGreen.withUnsafeBufferPointer { redGreen in
            blue.withUnsafeBufferPointer { blue in
                weights.weights.withUnsafeBufferPointer { factors in
                    for (x, span) in weights.spans.enumerated() {
                        var redGreenSum: Int64 = 0
                        var blueSum: Int64 = 0
                        let offset = span.firstWeight - span.source.lowerBound
                        for from in span.source {
                            let factor = Int64(factors[from + offset])
                            redGreenSum &+= redGreen[from] &* factor
                            blueSum &+= blue[from] &* factor
                        }
                        let redSum = Int32(truncatingIfNeeded: redGreenSum)
                        let greenSum = Int32(truncatingIfNeeded: (redGreenSum &- Int64(redSum)) >> 32)
                        target[x * 3] = ResamplingWeights.sample(redSum)
                        target[x * 3 + 1] = ResamplingWeights.sample(greenSum)
                        target[x * 3 + 2] = ResamplingWeights.sample(Int32(truncatingIfNeeded: blueSum))
                    }
                }
            }
        }
    }
}
