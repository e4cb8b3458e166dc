import CWebP

/// The picture in a WebP file, or the first of an animation, upright, in sRGB, composited over white, at the scale that
/// `PictureLimits.reduction` gives.
func decodeWebP(_ bytes: [UInt8], name: String, shorterSide: Int, area: Int) throws(PictureError) -> Picture {
    let damaged = PictureError.damaged(name: name, reason: "its WebP data is broken or ends too early")
    return try bytes.withUnsafeBufferPointer { bytes throws(PictureError) in
        var features = WebPBitstreamFeatures()
        guard WebPGetFeatures(bytes.baseAddress, bytes.count, &features) == VP8_STATUS_OK else {
            throw .damaged(name: name, reason: "its WebP header cannot be read")
        }
        let (width, height) = (Int(features.width), Int(features.height))
        try PictureLimits.check(width: width, height: height, area: area, name: name)
        let lossy: Int32 = 1
        if features.format != lossy || features.has_alpha != 0 {
            try PictureLimits.checkWhole(width: width, height: height, name: name, kind: "lossless, transparent or animated WebP")
        }
        var file = WebPData(bytes: bytes.baseAddress, size: bytes.count)
        guard let container = WebPDemux(&file) else { throw damaged }
        defer { WebPDemuxDelete(container) }
        var frame = WebPIterator()
        guard WebPDemuxGetFrame(container, 1, &frame) != 0 else { throw damaged }
        defer { WebPDemuxReleaseIterator(&frame) }

        let factor = PictureLimits.reduction(width: width, height: height, shorterSide: shorterSide)
        let profile = webPChunk("ICCP", in: container).flatMap(ColorProfile.init)
        let orientation = webPChunk("EXIF", in: container).flatMap { exifOrientation($0[...]) } ?? .upright
        guard
            let picture = try WebPFrame(frame, width: width, height: height, factor: factor)?
                .picture(ColorConversion(from: profile, .rgba))
        else { throw damaged }
        return orientation.apply(to: picture)
    }
}

private func webPChunk(_ type: String, in container: OpaquePointer) -> [UInt8]? {
    var chunk = WebPChunkIterator()
    defer { WebPDemuxReleaseChunkIterator(&chunk) }
    guard WebPDemuxGetChunk(container, type, 1, &chunk) != 0 else { return nil }
    return Array(UnsafeBufferPointer(start: chunk.chunk.bytes, count: chunk.chunk.size))
}

/// A decoded frame of a WebP file.
private final class WebPFrame {
    private var configuration = WebPDecoderConfig()
    /// The size of what is drawn on, and where the frame lies on it.
    private let width, height, x, y, factor: Int

    /// Decodes a frame of a picture of `width` × `height`; nil when it is broken. One that fills the picture is scaled by the
    /// decoder, which then needs no memory for the whole.
    init?(_ frame: WebPIterator, width: Int, height: Int, factor: Int) {
        guard WebPInitDecoderConfig(&configuration) != 0 else { return nil }
        configuration.output.colorspace = MODE_RGBA
        (x, y) = (Int(frame.x_offset), Int(frame.y_offset))
        let fillsPicture = Int(frame.width) == width && Int(frame.height) == height
        if fillsPicture && factor > 1 {
            self.width = (width + factor - 1) / factor
            self.height = (height + factor - 1) / factor
            self.factor = 1
            configuration.options.use_scaling = 1
            configuration.options.scaled_width = Int32(self.width)
            configuration.options.scaled_height = Int32(self.height)
        } else {
            (self.width, self.height, self.factor) = (width, height, factor)
        }
        guard WebPDecode(frame.fragment.bytes, frame.fragment.size, &configuration) == VP8_STATUS_OK,
            x >= 0, y >= 0, x + Int(configuration.output.width) <= self.width, y + Int(configuration.output.height) <= self.height
        else { return nil }
    }

    deinit {
        WebPFreeDecBuffer(&configuration.output)
    }

    /// The frame on white.
    func picture(_ conversion: ColorConversion?) throws(PictureError) -> Picture {
        let output = configuration.output
        let samples = output.u.RGBA
        var canvas = PixelCanvas(width: width, height: height, factor: factor)
        var line = [UInt8](repeating: 0, count: width * 4)
        for row in 0..<height {
            line.withUnsafeMutableBufferPointer { line in
                line.update(repeating: 0)
                if row >= y, row < y + Int(output.height), let start = line.baseAddress {
                    let count = Int(output.width)
                    start.advanced(by: x * 4).update(from: samples.rgba + (row - y) * Int(samples.stride), count: count * 4)
                    conversion?.apply(to: start + x * 4, count: count)
                }
                canvas.add(UnsafeBufferPointer(line), count: width, y: row)
            }
        }
        return try canvas.picture()
    }
}
