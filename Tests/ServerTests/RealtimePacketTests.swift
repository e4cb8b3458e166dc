import Foundation
import TestSupport
import Testing

@testable import Server

@Suite struct RealtimePacketTests {
    @Test func `Packets of a body are divided, and joined again as they were`() {
        let body = Data("2probe\u{1e}40\u{1e}42[\"a\",{}]\u{1e}3".utf8)
        let packets = EngineIOPacket.packets(of: body)
        #expect(packets == [.ping("probe"), .message("0"), .message("2[\"a\",{}]"), .pong("")])
        #expect(packets.map(EngineIOPacket.body) == body)
    }

    @Test func `A mark that follows the separator does not hide it`() {
        #expect(EngineIOPacket.packets(of: Data("4a\u{1e}4\u{301}".utf8)) == [.message("a"), .message("\u{301}")])
    }

    @Test(arguments: ["", "9", "x", "4a\u{1e}", "\u{1e}4a", "bAAEC"])
    func `A body with anything else is refused`(_ text: String) {
        #expect(EngineIOPacket.packets(of: Data(text.utf8)) == nil)
    }

    @Test func `Bytes that are no UTF-8 are refused`() { #expect(EngineIOPacket.packets(of: Data([0x34, 0xFF])) == nil) }

    @Test func `Packets of Socket.IO are told apart`() {
        #expect(SocketIOPacket("0") == .connect(namespace: "/"))
        #expect(SocketIOPacket("0/admin,{\"a\":1}") == .connect(namespace: "/admin"))
        #expect(SocketIOPacket("1") == .disconnect(namespace: "/"))
        #expect(SocketIOPacket("2[\"hello\",1]") == .event(namespace: "/", acknowledgement: nil))
        #expect(SocketIOPacket("2/x,12[\"hello\"]") == .event(namespace: "/x", acknowledgement: 12))
        #expect(SocketIOPacket("3[]") == .other)
    }

    @Test(arguments: [
        "", "2", "2{}", "2[]", "2[1]", "2[\"a\"", "7", "51-[\"a\",{\"_placeholder\":true,\"num\":0}]", "299999999999999999999[\"a\"]",
    ])
    func `What is no packet is none`(_ text: String) { #expect(SocketIOPacket(text) == nil) }

    @Test func `A million malformed bytes break nothing`() {
        let body = Data("2probe\u{1e}40/ns,{\"token\":\"a\"}\u{1e}42/ns,12[\"image\",{\"a\":[1,2.5e3,null]}]\u{1e}451-[\"a\"]\u{1e}1".utf8)
        var (read, refused) = (0, 0)
        withMalformedBytes([body, Data("40".utf8), Data("3\u{1e}42[\"a\"]".utf8)], seed: 4) { bytes in
            // A WebSocket's text is one packet, whatever is in it.
            let session = SocketSession(.webSocket)
            EngineIOPacket(String(decoding: bytes, as: UTF8.self)).map(session.receive)
            guard let packets = EngineIOPacket.packets(of: bytes) else {
                refused += 1
                return
            }
            let polling = SocketSession(.polling)
            for packet in packets { polling.receive(packet) }
            read += 1
        }
        #expect(read > 500 && refused > 500)
    }

    @Test func `What a client does not fetch is bounded`() async {
        let session = SocketSession(.polling)
        for _ in 0...SocketSession.mostWaiting { session.send(.ping("")) }
        #expect(session.isClosed)
    }

    @Test func `Only the newest of two who listen hears`() async {
        let session = SocketSession(.polling)
        async let first = session.next()
        // The first is listening when the second makes it go.
        while !session.hasListener { await Task.yield() }
        async let second = session.next()
        #expect(await first == [.noop])
        session.send(.message("0"))
        #expect(await second == [.message("0")])
    }

    @Test func `One who leaves hears nothing, and what follows is not lost`() async {
        let session = SocketSession(.polling)
        let leaving = Task { await session.next() }
        while !session.hasListener { await Task.yield() }
        leaving.cancel()
        #expect(await leaving.value == [])
        session.send(.message("1"))
        #expect(await session.next() == [.message("1")])
        session.close()
        #expect(await session.next() == nil)
    }
}
