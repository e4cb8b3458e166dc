/// The largest picture that Fader takes; anything larger is refused from its header, before memory is asked for.
public enum PictureLimits {
    /// The longest side, in pixels.
    public static let side = 32_768
    /// The largest width × height, in pixels.
    public static let area = 100_000_000
    /// The largest file, in bytes.
    public static let fileSize = 1 << 30

    static let description = "32,768 pixels a side and 100 megapixels"

    static func allow(width: Int, height: Int) -> Bool {
        (1...side).contains(width) && (1...side).contains(height) && width * height <= area
    }

    /// Checks a size that a file's header declares.
    static func check(width: Int, height: Int, name: String) throws(PictureError) {
        guard width > 0, height > 0 else { throw .damaged(name: name, reason: "its header says \(width)×\(height) pixels") }
        guard allow(width: width, height: height) else { throw .tooLarge(name: name, width: width, height: height) }
    }
}
