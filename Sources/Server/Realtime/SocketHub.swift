import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// Socket.IO at one path: all its sessions, by polling and by WebSocket.
final class SocketHub: Sendable {
    /// How often a client is asked whether it is there, and how long it may take to say so.
    private let pingInterval, pingTimeout: Duration
    private let sessions = Mutex<[String: SocketSession]>([:])

    static let mostSessions = 256
    /// How long a client may take for each step from polling to a WebSocket.
    private static let upgradeTime = TimeAmount.seconds(10)
    /// The largest body of polling, in bytes.
    static let largestBody = 100_000

    init(pingInterval: Duration = .seconds(25), pingTimeout: Duration = .seconds(20)) {
        self.pingInterval = pingInterval
        self.pingTimeout = pingTimeout
    }

    /// Keeps sessions alive, and forgets those that are closed, until the task is cancelled.
    func run() async {
        while (try? await Task.sleep(for: min(pingInterval, .seconds(2)))) != nil {
            let all = sessions.withLock { sessions in
                sessions = sessions.filter { !$0.value.isClosed }
                return Array(sessions.values)
            }
            for session in all { session.keepAlive(interval: pingInterval, timeout: pingTimeout) }
        }
        for session in sessions.withLock({ Array($0.values) }) { session.close() }
    }

    /// Tells one client of an event, by either of its ids; nobody when there is none of them.
    func emit(_ name: String, _ value: some Encodable, to id: String?) {
        guard let id, let packet = try? SocketIOPacket.event(name, value) else { return }
        let session = sessions.withLock { sessions in sessions[id] ?? sessions.values.first { $0.socketID == id } }
        session?.send(event: packet)
    }

    // MARK: Polling

    func response(to request: Request) async -> Response {
        guard request.query["EIO"] == "4" else { return Self.refuse(5, "Unsupported protocol version") }
        guard let transport = request.query["transport"], ["polling", "websocket"].contains(transport) else {
            return Self.refuse(0, "Transport unknown")
        }
        guard let id = request.query["sid"] else {
            guard request.method == .GET else { return Self.refuse(2, "Bad handshake method") }
            // A WebSocket comes here only when it is refused.
            guard transport == "polling" else { return Self.refuse(3, "Bad request") }
            guard let session = open(.polling) else { return HTTPFailure(.serviceUnavailable, "There are too many clients.").response }
            return Self.payload([handshake(session)])
        }
        guard let session = sessions.withLock({ $0[id] }), !session.isClosed else { return Self.refuse(1, "Session ID unknown") }
        guard transport == "polling", session.transport == .polling else { return Self.refuse(3, "Bad request") }
        if request.method == .POST {
            guard request.body.count <= Self.largestBody, let packets = EngineIOPacket.packets(of: request.body) else {
                session.close()
                return Self.refuse(3, "Bad request")
            }
            for packet in packets { session.receive(packet) }
            return .text("ok")
        }
        guard let packets = await session.next() else { return Self.payload([.close]) }
        return Self.payload(packets.isEmpty ? [.noop] : packets)
    }

    private static func payload(_ packets: [EngineIOPacket]) -> Response {
        Response(type: "text/plain; charset=UTF-8", EngineIOPacket.body(of: packets)).adding("Cache-Control", "no-store")
    }

    private static func refuse(_ code: Int, _ message: String) -> Response {
        Response(.badRequest, type: "application/json", Data("{\"code\":\(code),\"message\":\"\(message)\"}".utf8))
    }

    private func open(_ transport: SocketSession.Transport) -> SocketSession? {
        let session = SocketSession(transport)
        return sessions.withLock { sessions in
            guard sessions.count < Self.mostSessions else { return nil }
            sessions[session.id] = session
            return session
        }
    }

    private func handshake(_ session: SocketSession) -> EngineIOPacket {
        let upgrades = session.transport == .polling ? "\"websocket\"" : ""
        return .open(
            "{\"sid\":\"\(session.id)\",\"upgrades\":[\(upgrades)],\"pingInterval\":\(Int(pingInterval / .milliseconds(1))),"
                + "\"pingTimeout\":\(Int(pingTimeout / .milliseconds(1))),\"maxPayload\":\(Self.largestBody)}")
    }

    // MARK: WebSocket

    func accepts(_ request: Request) -> Bool {
        guard request.query["EIO"] == "4", request.query["transport"] == "websocket" else { return false }
        guard let id = request.query["sid"] else { return true }
        return sessions.withLock { $0[id] }?.transport == .polling
    }

    func converse(over socket: WebSocket, _ request: Request) async throws {
        var texts = socket.texts.makeAsyncIterator()
        let session: SocketSession
        if let id = request.query["sid"] {
            guard let known = sessions.withLock({ $0[id] }), try await upgrade(known, &texts, socket) else { return }
            session = known
        } else {
            guard let opened = open(.webSocket) else { return }
            session = opened
            try await socket.send(handshake(session).text)
        }
        defer { session.close() }
        let telling = Task {
            defer { socket.close() }
            while let packets = await session.next(), !Task.isCancelled {
                for packet in packets where packet != .noop { try await socket.send(packet.text) }
            }
        }
        defer { telling.cancel() }
        while let text = try await texts.next() {
            guard let packet = EngineIOPacket(text) else { return }
            session.receive(packet)
            if session.isClosed { return }
        }
    }

    /// Goes from polling to a WebSocket: the client asks over it whether it works, and then says that it is to be used.
    private func upgrade(_ session: SocketSession, _ texts: inout WebSocket.Texts.Iterator, _ socket: WebSocket) async throws -> Bool {
        socket.limit(Self.upgradeTime)
        guard try await texts.next() == "2probe" else { return false }
        try await socket.send("3probe")
        session.releasePoll()
        socket.limit(Self.upgradeTime)
        guard try await texts.next() == "5" else { return false }
        socket.limit(nil)
        session.upgrade()
        return true
    }
}
