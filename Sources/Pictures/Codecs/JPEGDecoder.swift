import CJPEG

/// The picture in a JPEG file, upright and in sRGB, at 1/1, 1/2, 1/4 or 1/8 of its size.
///
/// A file that ends too early, or in zeros, shows what there is, the rest grey, as in other programs.
func decodeJPEG(_ bytes: [UInt8], name: String, shorterSide: Int, area: Int) throws(PictureError) -> Picture {
    let header = try JPEGHeader(bytes[...], name: name)
    try PictureLimits.check(width: header.width, height: header.height, area: area, name: name)
    if header.hasSeveralScans {
        try PictureLimits.checkWhole(width: header.width, height: header.height, name: name, kind: "progressive JPEG")
    }
    guard let decompressor = tjInitDecompress() else {
        throw .unreadable(name: name, reason: "the JPEG decoder could not start")
    }
    defer { tjDestroy(decompressor) }

    // The decoder's transform makes pictures of 1/2, 1/4 and 1/8 by itself, in less time than whole ones.
    let wanted = PictureLimits.reduction(width: header.width, height: header.height, shorterSide: shorterSide)
    let scale = [1, 2, 4, 8].last { $0 <= wanted } ?? 1
    let factor = PictureLimits.allowsReading(width: header.width, height: header.height, factor: scale) ? scale : scale * 2
    let width = (header.width + factor - 1) / factor
    let height = (header.height + factor - 1) / factor

    func decompress(into target: UnsafeMutableBufferPointer<UInt8>, _ format: TJPF, samples: Int) throws(PictureError) {
        // The accurate transform is what Pillow uses; many scans over a large picture would take minutes.
        let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
        let status = tjDecompress2(
            decompressor, bytes, UInt(bytes.count), target.baseAddress,
            Int32(width), Int32(width * samples), Int32(height), Int32(format.rawValue), flags)
        // Warnings are tolerated, as every viewer does: some cameras write files that deserve them.
        guard status == 0 || tjGetErrorCode(decompressor) == TJERR_WARNING.rawValue else {
            throw .damaged(name: name, reason: "the JPEG decoder says \"\(String(cString: tjGetErrorStr2(decompressor)))\"")
        }
    }

    let profile = ColorProfile(icc: header.profile)
    if header.components == 4 {
        let ink = try [UInt8](filled: width * height * 4) { target throws(PictureError) in
            try decompress(into: target, TJPF_CMYK, samples: 4)
        }
        return header.orientation.apply(to: Picture(width: width, height: height, invertedInk: ink, profile: profile))
    }
    let conversion = ColorConversion(from: profile, header.components == 1 ? .greyRGB : .rgb)
    let stored = try Picture(width: width, height: height) { target throws(PictureError) in
        try decompress(into: target, TJPF_RGB, samples: 3)
        conversion?.apply(to: UnsafeMutableRawPointer(target.baseAddress), count: width * height)
    }
    return header.orientation.apply(to: stored)
}

extension Picture {
    /// The picture of a file in print colours, 255 for no ink. Without a profile, each ink takes its complement, as in browsers.
    fileprivate init(width: Int, height: Int, invertedInk ink: [UInt8], profile: ColorProfile?) {
        let conversion = ColorConversion(from: profile, .invertedCMYK)
        self.init(width: width, height: height) { target in
            if let conversion {
                ink.withUnsafeBytes { conversion.convert(from: $0.baseAddress, to: target.baseAddress, count: width * height) }
                return
            }
            for pixel in 0..<width * height {
                let black = Int(ink[pixel * 4 + 3])
                for channel in 0..<3 {
                    let product = (255 - Int(ink[pixel * 4 + channel])) * black + 128
                    target[pixel * 3 + channel] = UInt8(black - (product >> 8 + product) >> 8)
                }
            }
        }
    }
}
