/// The largest picture that Fader takes; anything larger is refused from its header, before memory is asked for.
public enum PictureLimits {
    /// The longest side of a picture in memory, in pixels.
    public static let side = 32_768
    /// The largest width × height of a picture in memory, in pixels.
    public static let area = 100_000_000
    /// The largest file, in bytes.
    public static let fileSize = 1 << 30
    /// The longest side of a picture in a file, in pixels: the most that JPEG can store.
    public static let fileSide = 65_535
    /// The largest width × height of a picture in a file, in pixels. Those of more than 32 megapixels are read at reduced size.
    public static let fileArea = 250_000_000
    /// The shorter side below which a picture is not reduced when it is read, unless less is asked for.
    public static let readingSide = 2048

    static let description = "32,768 pixels a side and 100 megapixels"

    /// The largest width × height that a picture has once it is read, in pixels.
    private static let readingArea = 32_000_000

    static func allow(width: Int, height: Int) -> Bool {
        (1...side).contains(width) && (1...side).contains(height) && width * height <= area
    }

    /// Checks a size that a file's header declares.
    static func check(width: Int, height: Int, area: Int, name: String) throws(PictureError) {
        guard width > 0, height > 0 else { throw .damaged(name: name, reason: "its header says \(width)×\(height) pixels") }
        guard max(width, height) <= fileSide, width * height <= area else {
            throw .tooLarge(name: name, width: width, height: height, area: area)
        }
    }

    /// Checks the size of a picture of a kind that is decoded as a whole, however small it is wanted.
    static func checkWhole(width: Int, height: Int, name: String, kind: String) throws(PictureError) {
        guard width * height <= area else {
            throw .unsupported(
                name: name,
                reason: "a \(kind) of \(width)×\(height) takes too much memory to read; save it as an ordinary (baseline) JPEG, or smaller")
        }
    }

    /// The divisor at which a picture is read: the largest that leaves the shorter side `shorterSide` pixels, more where the whole
    /// would still be too large, at most 16.
    static func reduction(width: Int, height: Int, shorterSide: Int) -> Int {
        let wanted = min(max(min(width, height) / max(shorterSide, 1), 1), 16)
        return (wanted...16).first { allowsReading(width: width, height: height, factor: $0) } ?? 16
    }

    /// Whether a picture is small enough once it is read at 1/`factor` of its size.
    static func allowsReading(width: Int, height: Int, factor: Int) -> Bool {
        max(width, height) <= side * factor && width * height <= readingArea * factor * factor
    }
}
