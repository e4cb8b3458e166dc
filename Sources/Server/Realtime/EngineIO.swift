import Foundation

/// A packet of Engine.IO's protocol, revision 4: a digit, and what follows it.
enum EngineIOPacket: Equatable, Sendable {
    case open(String)
    case close
    case ping(String)
    case pong(String)
    case message(String)
    case upgrade
    case noop

    /// What separates packets in one body of polling.
    private static let separator: UInt8 = 0x1E

    init?(_ text: String) {
        let rest = String(text.unicodeScalars.dropFirst())
        switch text.unicodeScalars.first {
        case "0": self = .open(rest)
        case "1": self = .close
        case "2": self = .ping(rest)
        case "3": self = .pong(rest)
        case "4": self = .message(rest)
        case "5": self = .upgrade
        case "6": self = .noop
        default: return nil
        }
    }

    var text: String {
        switch self {
        case .open(let rest): "0" + rest
        case .close: "1"
        case .ping(let rest): "2" + rest
        case .pong(let rest): "3" + rest
        case .message(let rest): "4" + rest
        case .upgrade: "5"
        case .noop: "6"
        }
    }

    /// The packets of a body; nil when any is none, or binary, which Fader's clients have no use for.
    static func packets(of body: Data) -> [EngineIOPacket]? {
        var packets: [EngineIOPacket] = []
        for piece in body.split(separator: separator, omittingEmptySubsequences: false) {
            guard let packet = String(validating: piece, as: UTF8.self).flatMap(EngineIOPacket.init) else { return nil }
            packets.append(packet)
        }
        return packets
    }

    static func body(of packets: [EngineIOPacket]) -> Data {
        Data(packets.map { Data($0.text.utf8) }.joined(separator: [separator]))
    }
}

/// A packet of Socket.IO's protocol, revision 5, inside an Engine.IO message.
enum SocketIOPacket: Equatable, Sendable {
    case connect(namespace: String)
    case disconnect(namespace: String)
    /// An event of the client's, which may want to hear that it has come.
    case event(namespace: String, acknowledgement: Int?)
    /// What needs no answer.
    case other

    /// Nil for what is no packet, or a binary one.
    init?(_ text: String) {
        var rest = Substring(text).utf8
        guard let type = rest.popFirst() else { return nil }
        var namespace = "/"
        if rest.first == UInt8(ascii: "/") {
            let name = rest.prefix { $0 != UInt8(ascii: ",") }
            namespace = String(Substring(name))
            rest = rest.dropFirst(name.count)
            if !rest.isEmpty { rest = rest.dropFirst() }
        }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        let number = Int(String(Substring(digits)))
        guard digits.isEmpty || number != nil else { return nil }
        switch type {
        case UInt8(ascii: "0"): self = .connect(namespace: namespace)
        case UInt8(ascii: "1"): self = .disconnect(namespace: namespace)
        case UInt8(ascii: "2"):
            // Events are lists that begin with a name.
            guard let list = try? JSONSerialization.jsonObject(with: Data(rest)) as? [Any], list.first is String else { return nil }
            self = .event(namespace: namespace, acknowledgement: number)
        case UInt8(ascii: "3"), UInt8(ascii: "4"): self = .other
        default: return nil
        }
    }

    /// An event of the server's, as an Engine.IO message.
    static func event(_ name: String, _ value: some Encodable) throws -> EngineIOPacket {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(value), as: UTF8.self)
        return .message("2[\"\(name)\",\(text)]")
    }
}
