import Foundation

/// A path as it is typed, or pasted from a shell, a file manager or a browser.
///
/// Quotes around it and backslashes before special characters are taken away, `file://` is decoded, and `~` is the home folder.
struct TypedPath: Sendable, Equatable {
    let path: String

    /// - Parameter home: the path of the home folder.
    init(_ text: String, home: String) {
        let bare = Self.bare(text.trimmingCharacters(in: .whitespacesAndNewlines))
        if bare == "~" || bare.hasPrefix("~/") {
            path = home + bare.dropFirst()
        } else {
            path = (bare as NSString).expandingTildeInPath
        }
    }

    var url: URL { URL(fileURLWithPath: path) }

    /// The path without quotes, escapes and percent encoding.
    static func bare(_ text: String) -> String {
        if text.lowercased().hasPrefix("file://") { return decoded(text) }
        guard let quote = text.first, text.count > 1, text.last == quote else { return unescaped(text) }
        switch quote {
        case "'": return String(text.dropFirst().dropLast())
        case "\"": return unescaped(text.dropFirst().dropLast(), "\"\\$`")
        default: return unescaped(text)
        }
    }

    /// The path of a URL, whatever host it names: only this machine's files can be opened.
    private static func decoded(_ text: String) -> String {
        let path = text.dropFirst("file://".count).drop { $0 != "/" }
        return path.removingPercentEncoding ?? String(path)
    }

    /// Takes away the backslashes before the characters that a shell protects: all but letters and digits, unless told which.
    private static func unescaped(_ text: some StringProtocol, _ special: String? = nil) -> String {
        var result = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "\\", let next = rest.first, special?.contains(next) ?? !(next.isLetter || next.isNumber) else {
                result.append(character)
                continue
            }
            result.append(rest.removeFirst())
        }
        return result
    }
}
