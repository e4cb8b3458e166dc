import Glibc
import TerminalTestSupport
import TestSupport
import Testing

@testable import Terminal

extension OnTerminal {
    @Suite("Slow connections") @MainActor struct SlowConnectionTests {
        private let place = Rectangle(column: 30, row: 1, columns: 14, rows: 7)

        private func noise(_ seed: UInt64, side: Int) throws -> RasterImage {
            var generator = SeededGenerator(seed: seed)
            return try RasterImage(
                width: side, height: side, pixels: (0..<3 * side * side).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }

        private func image(_ identity: Int, _ screen: Screen, _ graphics: GraphicsProtocol = .sixel, isDraft: Bool = false) throws
            -> PlacedImage
        {
            let request = ImageEncoder.Request(
                rectangle: place, graphics: graphics, isDraft: isDraft, partSize: screen.partSize, identity: identity)
            let noise = try noise(UInt64(identity), side: graphics == .kitty ? 120 : 50)
            return try ImageEncoder().encode(noise, request, for: screen.capabilities)
        }

        private func canvas(_ text: String) -> Canvas {
            var canvas = Canvas(columns: 80, rows: 24)
            canvas.write(text, column: 0, row: 22)
            return canvas
        }

        @Test("At 1 Mbit/s and 200 ms text comes within 0.6 s, at most two pictures wait, and the last one is whole")
        func keepsUp() throws {
            let connection = try SlowConnection()
            let screen = connection.screen
            let first = try image(1, screen)
            #expect(connection.present(canvas("begin"), [first], for: 5))
            #expect((8_000...20_000).contains(screen.partSize))
            let begun = connection.parcels.count
            for step in 2..<14 {
                let draft = try image(step, screen, isDraft: true)
                #expect(draft.size < first.size)
                connection.present(canvas("step \(step)"), [draft], for: 0.03)
            }
            let last = try image(40, screen)
            #expect(last.parts.count > 1)
            let rested = connection.time
            #expect(connection.present(canvas("end"), [last], for: 3))
            let dragging = connection.parcels[begun...]
            #expect((dragging.map { $0.textArrivesAt - $0.sentAt }.max() ?? 0) < 0.6)
            #expect(connection.mostUnanswered == 2)
            // Most of the time goes to the picture's own bytes.
            let needed = Double(last.size) / 125_000
            #expect(try #require(dragging.last).arrivesAt - rested < needed + 1)
            connection.close()
            let emulator = connection.emulator
            #expect(emulator.pictures.suffix(last.parts.count).map(\.bytes) == last.parts.map(\.bytes))
            #expect(emulator.unknown.isEmpty)
            #expect(emulator.switches[2026]?.set == emulator.switches[2026]?.reset)
            #expect(emulator.damage == 0)
        }

        @Test("Every text is sent at once, and before the picture of its frame") func textFirst() throws {
            let connection = try SlowConnection()
            try connection.present(canvas("begin"), [image(1, connection.screen)], for: 5)
            for step in 2..<12 {
                let begun = connection.parcels.count
                let sentAt = connection.time
                // Every letter is another one, so that ncurses sends the whole word.
                let text = step.isMultiple(of: 2) ? "alpha" : "BRAVO"
                try connection.present(canvas(text), [image(step, connection.screen, isDraft: true)], for: 0.03)
                let parcel = try #require(connection.parcels.dropFirst(begun).first)
                #expect(parcel.sentAt == sentAt)
                let place = try #require(parcel.bytes.firstRange(of: Array(text.utf8)))
                #expect(parcel.bytes.firstRange(of: Array("\u{1B}P".utf8)).map { place.lowerBound < $0.lowerBound } ?? true)
            }
            connection.close()
        }

        @Test("A kitty picture is replaced by the next one without a gap, is given up for a newer one, and goes with the last")
        func replacesKittyPictures() throws {
            let connection = try SlowConnection()
            let screen = connection.screen
            var shown: [Int] { connection.emulator.kept.filter { $0.value.place != nil }.keys.sorted() }
            try connection.present(canvas("text"), [image(1, screen, .kitty)], for: 5)
            #expect(shown == [1])
            let second = try image(2, screen, .kitty)
            #expect(second.parts.count > 2)
            #expect(!connection.present(canvas("text"), [second], for: 0.01))
            #expect(shown == [1])
            #expect(connection.emulator.kept[2]?.isWhole == false)
            try #expect(connection.present(canvas("text"), [image(3, screen, .kitty)], for: 5))
            #expect(shown == [3])
            connection.present(canvas("text"), for: 1)
            #expect(connection.emulator.kept.isEmpty)
            #expect(connection.emulator.unknown.isEmpty)
            connection.close()
        }

        @Test("Answers that are lost hold pictures up only for a while") func survivesLostAnswers() throws {
            var manner = FakeTerminal.Manner.foot
            manner.answers[TerminalModes.askReady] = nil
            let terminal = try #require(FakeTerminal(manner: manner))
            let device = try TerminalDevice(path: terminal.path)
            let loop = try EventLoop(device: device, wakeUp: WakeUp())
            var timeouts = Timeouts()
            timeouts.answer = .milliseconds(20)
            let picture = try SixelEncoder().encode(
                RasterImage(width: 6, height: 6, pixels: Array(repeating: 0, count: 108)), quality: .atRest)
            let screen = try Screen(device, environment: ["TERM": "xterm-256color"], timeouts: timeouts)
            for identity in 1...4 {
                let image = PlacedImage(place, bytes: picture, identity: identity)
                while !screen.present(canvas("\(identity)"), images: [image]) {
                    for case .input(.reply(let reply)) in loop.next(within: .milliseconds(50)) { screen.learn(reply) }
                }
            }
            #expect(terminal.waits { $0.images.count == 4 })
            screen.close()
            loop.close()
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

extension PlacedImage {
    /// How many bytes draw it.
    fileprivate var size: Int { parts.reduce(0) { $0 + $1.bytes.count } }
}
