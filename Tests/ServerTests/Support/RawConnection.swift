import Foundation

/// A TCP connection to a server on this machine, byte by byte; what blocks does so on a thread of its own.
final class RawConnection: Sendable {
    private let descriptor: CInt

    /// What a test waits for at most, so that one that hangs fails.
    private static let longest = timeval(tv_sec: 300, tv_usec: 0)

    init(port: Int, receiveBuffer: CInt? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size)) }
        var time = Self.longest
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { close(descriptor) }

    /// Sends all, or as much as the server takes before it closes.
    func send(_ bytes: some Sequence<UInt8>) async {
        let bytes = Array(bytes)
        await onThread { [descriptor] in
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
                if count <= 0 { return }
                sent += count
            }
        }
    }

    func send(_ text: String) async { await send(text.utf8) }

    /// At least one byte; empty at the end.
    func receive() async -> Data {
        await onThread { [descriptor] in
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            return Data(buffer.prefix(max(0, count)))
        }
    }

    /// Everything until the server closes.
    func receiveAll() async -> Data {
        var data = Data()
        while case let piece = await receive(), !piece.isEmpty { data += piece }
        return data
    }

    /// Everything until `isEnough` says so, or the server closes.
    func receive(until isEnough: (Data) -> Bool) async -> Data {
        var data = Data()
        while !isEnough(data), case let piece = await receive(), !piece.isEmpty { data += piece }
        return data
    }

    /// Leaves without a word.
    func abandon() { shutdown(descriptor, CInt(SHUT_RDWR)) }

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: work()) }.start()
        }
    }
}

/// What a server answered.
struct Reply: Sendable {
    let status: Int
    /// With names in lower case.
    let headers: [String: String]
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value { try JSONDecoder().decode(Value.self, from: body) }

    /// Nil for bytes that begin with no head.
    init?(_ bytes: Data) {
        guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else { return nil }
        self.status = status
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let sides = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if sides.count == 2 { headers[sides[0].lowercased()] = sides[1] }
        }
        self.headers = headers
        let rest = bytes[end.upperBound...]
        body = headers["transfer-encoding"] == "chunked" ? Self.unchunked(rest) : Data(rest)
    }

    private static func unchunked(_ bytes: Data) -> Data {
        var (rest, body) = (bytes, Data())
        while let line = rest.range(of: Data("\r\n".utf8)) {
            guard let count = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16), count > 0 else { break }
            body += rest[line.upperBound...].prefix(count)
            rest = rest[line.upperBound...].dropFirst(count + 2)
        }
        return body
    }
}

/// Sends one request over a connection of its own; nil where the server answered nothing.
func ask(
    _ method: String = "GET", _ target: String, port: Int, headers: [String: String] = [:], body: Data? = nil
) async throws -> Reply? {
    let connection = try RawConnection(port: port)
    var fields = ["Host": "127.0.0.1:\(port)", "Connection": "close"].merging(headers) { $1 }
    if let body { fields["Content-Length"] = String(body.count) }
    let head = "\(method) \(target) HTTP/1.1\r\n" + fields.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
    await connection.send(Data(head.utf8) + (body ?? Data()))
    return Reply(await connection.receiveAll())
}

/// A multipart body with its content type.
func multipart(_ fields: [String: String] = [:], image: Data?) -> (type: String, body: Data) {
    var body = Data()
    for (name, value) in fields {
        body += Data("--limit\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }
    if let image {
        let head = "--limit\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
        body += Data(head.utf8) + image + Data("\r\n".utf8)
    }
    return ("multipart/form-data; boundary=limit", body + Data("--limit--\r\n".utf8))
}
