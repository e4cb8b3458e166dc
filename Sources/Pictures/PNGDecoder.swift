/// The picture in a PNG file, composited over white.
///
/// Gamma and colour profiles are not applied, as in Pillow. The reader is our own because libpng reports errors with
/// `longjmp`, which must not cross Swift frames, and its longjmp-free interface insists on applying gamma.
func decodePNG(_ bytes: [UInt8], name: String) throws(PictureError) -> Picture {
    let file = try PNGFile(bytes, name: name)
    let header = file.header
    let colors = PNGColors(header, palette: file.palette, transparency: file.transparency)
    let inflater = try openInflater(file.data, name: name)

    let picture = try Picture(width: header.width, height: header.height) { target throws(PictureError) in
        guard let origin = target.baseAddress else { return }
        for pass in header.isInterlaced ? PNGPass.adam7 : PNGPass.plain {
            let columns = pass.columns(of: header.width)
            if columns == 0 { continue }
            var rows = PNGRows(
                inflater, rowBytes: header.rowBytes(columns), filterDistance: header.filterDistance, name: name)
            for index in 0..<pass.rows(of: header.height) {
                let first = (pass.y + index * pass.stepY) * header.width + pass.x
                try rows.next { row in
                    colors.paint(row, count: columns, bitDepth: header.bitDepth, to: origin + first * 3, step: pass.stepX * 3)
                }
            }
        }
    }
    try checkEnd(of: inflater, name: name)
    return picture
}

private func openInflater(_ data: [UInt8], name: String) throws(PictureError) -> Inflater {
    do throws(Inflater.Failure) {
        return try Inflater(data)
    } catch {
        throw .unreadable(name: name, reason: "there is no memory to decompress it")
    }
}

/// Asks for one byte more, which makes zlib compare the data's checksum; whether there is one does not matter.
private func checkEnd(of inflater: Inflater, name: String) throws(PictureError) {
    var surplus: [UInt8] = [0]
    _ = try surplus.withUnsafeMutableBufferPointer { surplus throws(PictureError) in try inflater.read(into: surplus, of: name) }
}
