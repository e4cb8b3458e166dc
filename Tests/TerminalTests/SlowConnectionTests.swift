import Glibc
import TerminalTestSupport
import TestSupport
import Testing

@testable import Terminal

extension OnTerminal {
    @Suite("Slow connections") @MainActor struct SlowConnectionTests {
        private let place = Rectangle(column: 30, row: 1, columns: 20, rows: 9)

        private func noise(_ seed: UInt64) throws -> RasterImage {
            var generator = SeededGenerator(seed: seed)
            return try RasterImage(
                width: 50, height: 45, pixels: (0..<6750).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }

        private func image(_ identity: Int, _ screen: Screen) throws -> PlacedImage {
            let request = ImageEncoder.Request(
                rectangle: place, graphics: .sixel, isDraft: false, partSize: screen.partSize, identity: identity)
            return try ImageEncoder().encode(noise(UInt64(identity)), request, for: screen.capabilities)
        }

        private func canvas(_ text: String) -> Canvas {
            var canvas = Canvas(columns: 80, rows: 24)
            canvas.write(text, column: 0, row: 23)
            return canvas
        }

        @Test("A program that is slowed down neither waits nor writes more than the terminal takes") func neverBlocks() throws {
            var manner = FakeTerminal.Manner.foot
            manner.bytesPerSecond = 20_000
            let terminal = try #require(FakeTerminal(manner: manner))
            let screen = try Screen(TerminalDevice(path: terminal.path), environment: ["TERM": "xterm-256color"])
            let image = try image(1, screen)
            screen.present(canvas("text"), images: [image])
            // The picture is larger than the kernel's buffer: what is left waits here, and nothing newer is mixed in.
            #expect(!screen.device.output.isEmpty)
            #expect(!screen.present(canvas("later"), images: [image]))
            screen.close()
            #expect(screen.device.output.isEmpty)
        }

        @Test("A terminal that is gone takes everything, and is told of once the loop reads") func survivesHangUp() throws {
            let terminal = try #require(FakeTerminal(manner: .foot))
            let device = try TerminalDevice(path: terminal.path)
            let loop = try EventLoop(device: device, wakeUp: WakeUp())
            let screen = try Screen(device, environment: ["TERM": "xterm-256color"])
            terminal.hangUp()
            var events: [EventLoop.Event] = []
            while !events.contains(.hangUp) { events = loop.next(within: .seconds(20)) }
            let image = try image(1, screen)
            for round in 0..<3 { screen.present(canvas("\(round)"), images: [image]) }
            #expect(device.output.isBroken)
            #expect(device.output.isEmpty)
            screen.close()
            loop.close()
        }
    }
}
