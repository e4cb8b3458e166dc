import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One file of a server, fetched so that a connection that breaks costs nothing of what has arrived.
///
/// Until it is complete and checked, its bytes are in a file beside it, with the server's tag for them in another.
struct Download: Sendable {
    /// How long to wait for servers, and how often to ask again.
    struct RetryPolicy: Sendable {
        /// After how many seconds without news a connection is given up.
        var timeout: Double
        /// How often to try again when nothing new has come since the last try.
        var retries: Int
        /// Seconds before the first of these; each next one waits twice as long, up to `longestPause`.
        var pause = 1.0
        var longestPause = 60.0
    }

    /// What a server announces of a file.
    struct Announcement: Sendable, Equatable {
        var bytes: Int?
        var sha256: String?
    }

    static let partialSuffix = ".part"
    static let validatorSuffix = ".part.tag"

    let source: URL
    let target: URL
    let policy: RetryPolicy

    private var address: String { source.absoluteString }
    private var partial: URL { URL(fileURLWithPath: target.path + Self.partialSuffix) }
    private var validator: URL { URL(fileURLWithPath: target.path + Self.validatorSuffix) }

    /// How many bytes are here already.
    var arrived: Int { Self.size(of: target) ?? Self.size(of: partial) ?? 0 }

    /// Asks what the server has.
    /// - Returns: nil where it has no such file.
    /// - Throws: `DownloadError`.
    func announcement() async throws -> Announcement? {
        try await retrying { _ in
            for try await event in HTTPTransfer.events(of: request("HEAD"), timeout: policy.timeout) {
                guard case .answer(let answer) = event else { continue }
                do {
                    try require(answer)
                } catch DownloadError.missing {
                    return nil
                }
                return Announcement(bytes: answer.length, sha256: answer.sha256)
            }
            try Task.checkCancellation()
            throw DownloadError.unreachable(address, reason: "it does not answer")
        }
    }

    /// Fetches what is not here yet.
    /// - Parameter progress: called with how many bytes of the file are here.
    /// - Throws: `DownloadError`; `CancellationError`; what has been downloaded stays.
    func run(_ expected: Announcement, progress: (Int) -> Void) async throws {
        if let size = Self.size(of: target), expected.bytes == nil || size == expected.bytes { return progress(size) }
        do {
            try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            throw DownloadError.unwritable(target.path, reason: "its folder cannot be made")
        }
        // A server that always breaks off at the same place brings nothing new.
        var farthest = arrived
        try await retrying { noteProgress in
            try await fetchRest(expected) { size in
                if size > farthest {
                    farthest = size
                    noteProgress()
                }
                progress(size)
            }
        }
        try check(expected)
        guard rename(partial.path, target.path) == 0 else { throw unwritable }
        unlink(validator.path)
    }

    private func fetchRest(_ expected: Announcement, progress: (Int) -> Void) async throws {
        var size = Self.size(of: partial) ?? 0
        if let bytes = expected.bytes, size == bytes, size > 0 { return }
        let tag = try? String(contentsOf: validator, encoding: .utf8)
        // Bytes that neither a tag nor a hash can vouch for are not added to.
        if let bytes = expected.bytes, size > bytes { size = 0 }
        if tag == nil, expected.sha256 == nil { size = 0 }
        var request = request("GET")
        if size > 0 {
            request.setValue("bytes=\(size)-", forHTTPHeaderField: "Range")
            if let tag { request.setValue(tag, forHTTPHeaderField: "If-Range") }
        }
        var file: FileHandle?
        defer { try? file?.close() }
        var announcedEnd = expected.bytes
        var isBroken = false
        do {
            for try await event in HTTPTransfer.events(of: request, timeout: policy.timeout) {
                switch event {
                case .answer(let answer):
                    size = try place(of: answer, after: size, expected)
                    if size == 0 { announcedEnd = expected.bytes ?? answer.length }
                    file = try openPartial(at: size, tag: answer.strongTag)
                case .bytes(let data):
                    if let bytes = expected.bytes, size + data.count > bytes {
                        discard()
                        throw DownloadError.tooLong(address, expected: bytes)
                    }
                    do { try file?.write(contentsOf: data) } catch { throw unwritable }
                    size += data.count
                    progress(size)
                }
            }
        } catch DownloadError.unreachable where file != nil {
            isBroken = true
        }
        try Task.checkCancellation()
        guard file != nil else { throw DownloadError.unreachable(address, reason: "it does not answer") }
        if isBroken || announcedEnd.map({ size < $0 }) ?? false {
            throw DownloadError.brokenOff(address, bytes: size, expected: announcedEnd)
        }
    }

    /// Where in the file the bytes of an answer belong: behind those that were there when it was asked for, or at the beginning.
    private func place(of answer: HTTPAnswer, after size: Int, _ expected: Announcement) throws -> Int {
        if size > 0, answer.status == 416 { discard() }
        try require(answer)
        guard answer.status == 206 else { return 0 }
        guard let range = answer.range, range.start == size, range.total == nil || range.total == expected.bytes ?? range.total else {
            discard()
            throw DownloadError.wrongRange(address)
        }
        return size
    }

    /// Opens the partial file to go on after its first `size` bytes.
    private func openPartial(at size: Int, tag: String?) throws -> FileHandle {
        let descriptor = open(partial.path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard descriptor >= 0 else { throw unwritable }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard ftruncate(descriptor, off_t(size)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else { throw unwritable }
        if let tag {
            do { try Data(tag.utf8).write(to: validator) } catch { throw unwritable }
        } else if size == 0 {
            unlink(validator.path)
        }
        return file
    }

    private func check(_ expected: Announcement) throws {
        guard let hash = expected.sha256 else { return }
        let found = try Digest.sha256(of: partial) { _ in try Task.checkCancellation() }
        if found != hash {
            discard()
            throw DownloadError.wrongHash(address, expected: hash, found: found)
        }
    }

    private func discard() {
        unlink(partial.path)
        unlink(validator.path)
    }

    private func require(_ answer: HTTPAnswer) throws {
        switch answer.status {
        case 200, 206: break
        case 404, 410: throw DownloadError.missing(address)
        case 416: throw DownloadError.wrongRange(address)
        default: throw DownloadError.refused(address, status: answer.status, after: answer.retryAfter)
        }
    }

    private func request(_ method: String) -> URLRequest {
        var request = URLRequest(url: source)
        request.httpMethod = method
        // Lengths, parts and hashes are those of the file itself.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        request.setValue("fader", forHTTPHeaderField: "User-Agent")
        return request
    }

    /// Tries again, with longer and longer pauses, until nothing new has come in `retries` tries in a row.
    private func retrying<Result>(_ attempt: (_ noteProgress: () -> Void) async throws -> Result) async throws -> Result {
        var failures = 0
        while true {
            do {
                return try await attempt { failures = 0 }
            } catch let error as DownloadError where error.isPassing && failures < policy.retries {
                var pause = min(policy.pause * pow(2, Double(failures)), policy.longestPause)
                if case .refused(_, _, let after?) = error { pause = min(max(pause, after), policy.longestPause) }
                failures += 1
                try await Task.sleep(for: .seconds(pause))
            }
        }
    }

    private var unwritable: DownloadError {
        let message = String(cString: strerror(errno))
        return .unwritable(partial.path, reason: message.prefix(1).lowercased() + message.dropFirst())
    }

    private static func size(of url: URL) -> Int? {
        var status = stat()
        guard lstat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }
}
