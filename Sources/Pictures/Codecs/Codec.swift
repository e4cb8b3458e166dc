import CJPEG
import CLCMS
import CWebP
import CZlib

/// A kind of picture file, or of what such files carry, and the library that reads it.
public struct Codec: Sendable {
    public let format: String
    public let library: String
    /// The library's version; empty when it does not tell.
    public let version: String

    /// Everything that `Picture` reads.
    public static var all: [Codec] {
        let webP = WebPGetDecoderVersion()
        let colors = cmsGetEncodedCMMversion()
        return [
            Codec(format: "PNG", library: "zlib", version: String(cString: zlibVersion())),
            Codec(format: "JPEG", library: "libjpeg-turbo", version: String(cString: jpeg_library_version())),
            Codec(format: "Colour profiles", library: "Little CMS", version: "\(colors / 1000).\(colors % 1000 / 10)"),
            Codec(format: "WebP", library: "libwebp", version: "\(webP >> 16).\(webP >> 8 & 0xFF).\(webP & 0xFF)"),
        ]
    }
}
