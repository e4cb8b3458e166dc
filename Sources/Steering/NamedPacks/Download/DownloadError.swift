import Foundation

/// Why a file cannot be downloaded; each is one sentence that names the address or the file.
public enum DownloadError: Error, Equatable, LocalizedError, CustomStringConvertible {
    case unsuitableAddress(String)
    case unreachable(String, reason: String)
    case untrusted(String)
    case stalled(String, seconds: Double)
    case brokenOff(String, bytes: Int, expected: Int?)
    case refused(String, status: Int, after: Double?)
    case missing(String)
    case tooLong(String, expected: Int)
    case wrongRange(String)
    case wrongHash(String, expected: String, found: String)
    case unwritable(String, reason: String)
    case noSpace(String, needed: Int, free: Int)

    public var description: String {
        switch self {
        case .unsuitableAddress(let address): "\"\(address)\" is not the address of a server: it must begin with https:// or http://."
        case .unreachable(let address, let reason): "\(address): the server cannot be reached: \(reason)."
        case .untrusted(let address): "\(address): the server redirects to an unencrypted address, which Fader does not follow."
        case .stalled(let address, let seconds):
            "\(address): the server sent nothing for \(Int(seconds.rounded(.up))) seconds; the same command resumes the download."
        case .brokenOff(let address, let bytes, let expected):
            "\(address): the connection ended after \(bytes)\(expected.map { " of \($0)" } ?? "") bytes; the same command resumes the download."
        case .refused(let address, 401, _), .refused(let address, 403, _):
            "\(address): the server restricts access to this file; download it as its page says, then run fader pack find."
        case .refused(let address, 429, _): "\(address): the server has had too many requests; try again later."
        case .refused(let address, let status, _): "\(address): the server answers with status \(status); try again later."
        case .missing(let address): "\(address): the server does not have this file."
        case .tooLong(let address, let expected):
            "\(address): the server sends more than the \(expected) bytes that it announced; the download was deleted."
        case .wrongRange(let address): "\(address): the server sends a different part of the file than was requested."
        case .wrongHash(let address, let expected, let found):
            "\(address): the download has the SHA-256 \(found) where the server announced \(expected), and was deleted."
        case .unwritable(let path, let reason): "\(path): the file cannot be written: \(reason)."
        case .noSpace(let folder, let needed, let free):
            "\(folder): the files need \(Self.size(needed)), but the disk has \(Self.size(free)) left."
        }
    }

    public var errorDescription: String? { description }

    /// Whether it may go better at the next try.
    var isPassing: Bool {
        switch self {
        case .unreachable, .stalled, .brokenOff, .wrongRange: true
        case .refused(_, let status, _): status == 408 || status == 425 || status == 429 || status >= 500
        default: false
        }
    }

    private static func size(_ bytes: Int) -> String { String(format: "%.1f GB", Double(bytes) / 1e9) }
}
