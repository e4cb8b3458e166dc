import CJPEG
import CWebP
import Files
import Foundation

extension Picture {
    /// The picture as a file of the given format; the same picture always gives the same bytes.
    /// - Parameters:
    ///   - text: what the file says in words, as in `pngData`; only a format that `carriesText` takes any.
    ///   - quality: 1 to 100, what JPEG and WebP keep of the picture; PNG keeps all of it.
    ///   - format: the format of the file.
    /// - Throws: `PictureError.cannotEncode` when the format cannot hold the text or a picture of this size;
    ///   `PictureError.badText` as `pngData`.
    public func encoded(
        as format: PictureFormat, text: [(keyword: String, text: String)] = [], quality: Int = 92
    ) throws -> Data {
        guard text.isEmpty || format.carriesText else {
            throw PictureError.cannotEncode(reason: "\(format.name) files carry no text; PNG does")
        }
        guard max(width, height) <= format.longestSide else {
            throw PictureError.cannotEncode(
                reason: "\(format.name) holds at most \(format.longestSide) pixels a side, and it is \(width)×\(height); PNG holds it")
        }
        let quality = min(max(quality, 1), 100)
        return switch format {
        case .png: try pngData(text: text)
        case .jpeg: try jpegData(quality: quality)
        case .webp: try webPData(quality: quality)
        }
    }

    /// Saves the picture in the format that the file name's suffix stands for, atomically: a reader sees the old file or the
    /// new one, never a part.
    /// - Throws: `PictureError.unknownSuffix`; `PictureError` as `encoded`; `AtomicFileError` when the file cannot be saved.
    public func write(to url: URL, text: [(keyword: String, text: String)] = [], quality: Int = 92) throws {
        try AtomicFile.write(encoded(as: PictureFormat(suffixOf: url), text: text, quality: quality), to: url)
    }

    /// Colours are kept at full resolution: halved ones smear the edges of drawn pictures.
    private func jpegData(quality: Int) throws(PictureError) -> Data {
        guard let compressor = tjInitCompress() else { throw .cannotEncode(reason: "the JPEG encoder could not start") }
        defer { tjDestroy(compressor) }
        var output: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        defer { tjFree(output) }
        let status = tjCompress2(
            compressor, pixels, Int32(width), Int32(width * 3), Int32(height), Int32(TJPF_RGB.rawValue), &output, &count,
            Int32(TJSAMP_444.rawValue), Int32(quality), TJFLAG_ACCURATEDCT)
        guard status == 0, let output else {
            throw .cannotEncode(reason: "the JPEG encoder says \"\(String(cString: tjGetErrorStr2(compressor)))\"")
        }
        return Data(bytes: output, count: Int(count))
    }

    private func webPData(quality: Int) throws(PictureError) -> Data {
        var output: UnsafeMutablePointer<UInt8>?
        let count = WebPEncodeRGB(pixels, Int32(width), Int32(height), Int32(width * 3), Float(quality), &output)
        defer { WebPFree(output) }
        guard count > 0, let output else { throw .cannotEncode(reason: "the WebP encoder could not compress it") }
        return Data(bytes: output, count: count)
    }
}
