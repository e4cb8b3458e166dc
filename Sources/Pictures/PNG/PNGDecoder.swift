/// The picture in a PNG file, upright, in sRGB, composited over white, at the scale that `PictureLimits.reduction` gives.
///
/// The reader is our own because libpng reports errors with `longjmp`, which must not cross Swift frames, its longjmp-free
/// interface insists on applying gamma, and libspng knows neither cICP nor texts without decoding the picture.
func decodePNG(_ source: ByteSource, name: String, shorterSide: Int, area: Int) throws(PictureError) -> Picture {
    let file = try PNGFile(source, area: area, name: name)
    let header = file.header
    let colors = PNGColors(header, palette: file.palette, transparency: file.transparency)
    let conversion = ColorConversion(from: file.colorProfile, header.colorType.isGrey ? .greyRGBA : .rgba)
    let data = PNGData(file, in: source, name: name)
    let inflater = try openInflater(data, name: name)
    var canvas = PixelCanvas(
        width: header.width, height: header.height,
        factor: PictureLimits.reduction(width: header.width, height: header.height, shorterSide: shorterSide))
    var painted = [UInt8](repeating: 0, count: header.width * 4)

    for pass in header.isInterlaced ? PNGPass.adam7 : PNGPass.plain {
        let columns = pass.columns(of: header.width)
        if columns == 0 { continue }
        var rows = PNGRows(
            inflater, rowBytes: header.rowBytes(columns), filterDistance: header.filterDistance, name: name)
        for index in 0..<pass.rows(of: header.height) {
            try rows.next { row in
                painted.withUnsafeMutableBufferPointer { painted in
                    colors.paint(row, count: columns, bitDepth: header.bitDepth, to: painted)
                    conversion?.apply(to: UnsafeMutableRawPointer(painted.baseAddress), count: columns)
                    canvas.add(
                        UnsafeBufferPointer(painted), count: columns, y: pass.y + index * pass.stepY, x: pass.x, step: pass.stepX)
                }
            }
        }
    }
    try checkEnd(of: inflater, data, name: name)
    return file.orientation.apply(to: try canvas.picture())
}

private func openInflater(_ data: PNGData, name: String) throws(PictureError) -> Inflater {
    do throws(Inflater.Failure) {
        return try Inflater(refill: data.next)
    } catch {
        throw .unreadable(name: name, reason: "there is no memory to decompress it")
    }
}

/// Asks for one byte more, which makes zlib compare the data's checksum, and for what may follow, which compares the chunks';
/// whether there is any does not matter.
private func checkEnd(of inflater: Inflater, _ data: PNGData, name: String) throws(PictureError) {
    var surplus: [UInt8] = [0]
    _ = try surplus.withUnsafeMutableBufferPointer { surplus throws(PictureError) in try inflater.read(into: surplus, of: name) }
    while try data.next() != nil {}
}
