import Foundation
import Synchronization

/// A client of Socket.IO: what it is yet to be told, whichever way it listens.
final class SocketSession: Sendable {
    enum Transport: Sendable { case polling, webSocket }

    fileprivate struct State {
        var waiting: [EngineIOPacket] = []
        var listener: Listener?
        var transport: Transport
        var isConnected = false
        var isClosed = false
        var lastHeard = ContinuousClock.now
        var lastPing = ContinuousClock.now
    }

    /// Its Engine.IO id, which it names in every poll.
    let id: String
    /// Its Socket.IO id, which it names to be told of its edits.
    let socketID: String
    private let state: Mutex<State>

    /// What a client does not fetch is held up to this many packets; then the session is closed.
    static let mostWaiting = 512

    init(_ transport: Transport) {
        id = PictureStore.newName("").replacing(".", with: "")
        socketID = PictureStore.newName("").replacing(".", with: "")
        state = Mutex(State(transport: transport))
    }

    var transport: Transport { state.withLock(\.transport) }
    var isClosed: Bool { state.withLock(\.isClosed) }
    var hasListener: Bool { state.withLock { $0.listener != nil } }

    func send(_ packet: EngineIOPacket) {
        resume { state in
            guard !state.isClosed else { return nil }
            state.waiting.append(packet)
            if state.waiting.count > Self.mostWaiting { state.isClosed = true }
            return state.take()
        }
    }

    /// Tells the client of an event, once it has connected its namespace.
    func send(event packet: EngineIOPacket) {
        if state.withLock(\.isConnected) { send(packet) }
    }

    /// What the client is to be told, as soon as there is anything; nil once the session is closed. Only the newest listener hears.
    func next() async -> [EngineIOPacket]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Listener) in
                resume { state in
                    let former = state.listener
                    state.listener = continuation
                    // One that was cancelled before it listened.
                    if Task.isCancelled {
                        state.listener = nil
                        return [(former, [.noop]), (continuation, [])]
                    }
                    return [(former, [.noop])] + state.take()
                }
            }
        } onCancel: {
            resume { state in
                defer { state.listener = nil }
                return [(state.listener, [])]
            }
        }
    }

    func close() {
        resume { state in
            state.isClosed = true
            return state.take()
        }
    }

    /// Goes over to a WebSocket: a poll that is waiting ends.
    func upgrade() {
        resume { state in
            state.transport = .webSocket
            defer { state.listener = nil }
            return [(state.listener, [.noop])]
        }
    }

    /// Ends a poll that is waiting, so that the client can go over to a WebSocket.
    func releasePoll() {
        resume { state in
            defer { state.listener = nil }
            return [(state.listener, [.noop])]
        }
    }

    /// Takes what the client says.
    func receive(_ packet: EngineIOPacket) {
        state.withLock { $0.lastHeard = .now }
        switch packet {
        case .close: close()
        case .ping(let text): send(.pong(text))
        case .message(let text): receive(message: text)
        case .pong, .noop, .upgrade, .open: break
        }
    }

    private func receive(message: String) {
        switch SocketIOPacket(message) {
        case .connect("/"):
            state.withLock { $0.isConnected = true }
            send(.message("0{\"sid\":\"\(socketID)\"}"))
        case .connect(let namespace):
            // The client's own text goes back to it as JSON.
            guard namespace.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }) else { return close() }
            send(.message("4\(namespace),{\"message\":\"Invalid namespace\"}"))
        case .disconnect: state.withLock { $0.isConnected = false }
        case .event("/", let number?): send(.message("3\(number)[]"))
        case .event, .other: break
        case nil: close()
        }
    }

    /// Asks the client whether it is there, when it is time to; closes the session when the client has not been heard of for too long.
    func keepAlive(interval: Duration, timeout: Duration) {
        let now = ContinuousClock.now
        let (isDue, isLost) = state.withLock { state in
            let isDue = now - state.lastPing >= interval
            if isDue { state.lastPing = now }
            return (isDue, now - state.lastHeard > interval + timeout)
        }
        if isLost { close() } else if isDue { send(.ping("")) }
    }

    fileprivate typealias Listener = CheckedContinuation<[EngineIOPacket]?, Never>

    private func resume(_ change: (inout State) -> [(Listener?, [EngineIOPacket]?)]?) {
        for (listener, packets) in state.withLock({ change(&$0) }) ?? [] { listener?.resume(returning: packets) }
    }
}

extension SocketSession.State {
    /// Gives the listener what waits, if both are there.
    fileprivate mutating func take() -> [(SocketSession.Listener?, [EngineIOPacket]?)] {
        guard let listener, isClosed || !waiting.isEmpty else { return [] }
        defer {
            self.listener = nil
            waiting = []
        }
        return [(listener, isClosed && waiting.isEmpty ? nil : waiting)]
    }
}
