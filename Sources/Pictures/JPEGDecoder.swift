import CJPEG

/// The picture in a JPEG file, turned upright.
func decodeJPEG(_ bytes: [UInt8], name: String) throws(PictureError) -> Picture {
    let header = try JPEGHeader(bytes, name: name)
    try PictureLimits.check(width: header.width, height: header.height, name: name)
    guard header.components != 4 else {
        throw .unsupported(name: name, reason: "this JPEG has CMYK colours, meant for print; convert it to RGB")
    }
    guard let decompressor = tjInitDecompress() else {
        throw .unreadable(name: name, reason: "the JPEG decoder could not start")
    }
    defer { tjDestroy(decompressor) }

    let stored = try Picture(width: header.width, height: header.height) { target throws(PictureError) in
        // The accurate transform is what Pillow uses; many scans over a large picture would take minutes.
        let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
        let status = tjDecompress2(
            decompressor, bytes, UInt(bytes.count), target.baseAddress,
            Int32(header.width), Int32(header.width * 3), Int32(header.height), Int32(TJPF_RGB.rawValue), flags)
        // Warnings are tolerated, as every viewer does: some cameras write files that deserve them.
        guard status == 0 || tjGetErrorCode(decompressor) == TJERR_WARNING.rawValue else {
            throw .damaged(name: name, reason: "the JPEG decoder says \"\(String(cString: tjGetErrorStr2(decompressor)))\"")
        }
    }
    return header.orientation.apply(to: stored)
}
