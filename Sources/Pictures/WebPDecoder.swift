import CWebP

/// The still picture in a WebP file, composited over white.
func decodeWebP(_ bytes: [UInt8], name: String) throws(PictureError) -> Picture {
    var features = WebPBitstreamFeatures()
    guard WebPGetFeatures(bytes, bytes.count, &features) == VP8_STATUS_OK else {
        throw .damaged(name: name, reason: "its WebP header cannot be read")
    }
    guard features.has_animation == 0 else {
        throw .unsupported(name: name, reason: "this WebP file is an animation; save one frame of it as a picture")
    }
    let width = Int(features.width)
    let height = Int(features.height)
    try PictureLimits.check(width: width, height: height, name: name)
    let damaged = PictureError.damaged(name: name, reason: "its WebP data is broken or ends too early")

    if features.has_alpha == 0 {
        return try Picture(width: width, height: height) { target throws(PictureError) in
            let stride = Int32(width * 3)
            guard WebPDecodeRGBInto(bytes, bytes.count, target.baseAddress, target.count, stride) != nil else { throw damaged }
        }
    }
    guard let samples = WebPDecodeRGBA(bytes, bytes.count, nil, nil) else { throw damaged }
    defer { WebPFree(samples) }
    return Picture(width: width, height: height) { target in
        for pixel in 0..<width * height {
            for channel in 0..<3 {
                target[pixel * 3 + channel] = overWhite(samples[pixel * 4 + channel], alpha: samples[pixel * 4 + 3])
            }
        }
    }
}
