import Foundation
import Glibc
import TerminalTestSupport
import Testing

@testable import Terminal

extension OnTerminal {
    @Suite("Event loop") @MainActor struct EventLoopTests {
        private let terminal: FakeTerminal
        private let wakeUp: WakeUp
        private let device: TerminalDevice
        private let loop: EventLoop

        init() throws {
            terminal = try #require(FakeTerminal(manner: .silent))
            wakeUp = try WakeUp()
            device = try TerminalDevice(path: terminal.path)
            var attributes = device.originalAttributes
            cfmakeraw(&attributes)
            tcsetattr(device.descriptor, TCSANOW, &attributes)
            var timeouts = Timeouts()
            // Longer than any test waits, so that what happens tells which of the two was taken.
            timeouts.escapeAmongReplies = .seconds(3600)
            loop = try EventLoop(device: device, wakeUp: wakeUp, timeouts: timeouts)
        }

        @Test("Typed keys arrive") func keys() {
            terminal.type("q\u{1B}[A")
            #expect(loop.next(within: .seconds(30)) == [.input(.key(.character("q"), [])), .input(.key(.up, []))])
            loop.close()
        }

        @Test("A lone escape character becomes the Escape key") func escape() {
            terminal.type("\u{1B}")
            #expect(loop.next(within: .seconds(30)) == [.input(.key(.escape, []))])
            loop.close()
        }

        @Test("While replies are expected an escape character waits for its rest, until DA1 is answered") func timeouts() {
            loop.expectReplies(for: .seconds(3600))
            terminal.type("\u{1B}")
            #expect(loop.next(within: .milliseconds(200)).isEmpty)
            terminal.type("[?62;4c")
            #expect(loop.next(within: .seconds(30)) == [.input(.reply(.deviceAttributes([62, 4])))])
            terminal.type("\u{1B}")
            #expect(loop.next(within: .seconds(30)) == [.input(.key(.escape, []))])
            loop.close()
        }

        @Test("Nothing comes when the time is over") func timeout() {
            #expect(loop.next(within: .milliseconds(30)).isEmpty)
            #expect(loop.next(within: .zero).isEmpty)
            loop.close()
        }

        @Test("Another thread wakes the loop once, however often it calls") func wakes() {
            let wakeUp = wakeUp
            for _ in 0..<100_000 { wakeUp.signal() }
            Thread { wakeUp.signal() }.start()
            var wakes = 0
            while loop.next(within: .milliseconds(200)) == [.wake] { wakes += 1 }
            #expect((1...1_000).contains(wakes))
            loop.close()
        }

        @Test(
            "Signals arrive as events",
            arguments: [
                (SIGTERM, EventLoop.Event.signal(.terminate)), (SIGINT, .signal(.interrupt)), (SIGTSTP, .signal(.suspend)),
                (SIGCONT, .signal(.resume)), (SIGWINCH, .input(.resize)), (SIGHUP, .hangUp),
            ]) func signals(signal: Int32, event: EventLoop.Event) throws
        {
            // Between the making of the suite and this line, another suite's loop may have come and gone with the process's signals.
            let listening = try EventLoop(device: device, wakeUp: wakeUp)
            kill(getpid(), signal)
            #expect(listening.next(within: .seconds(30)) == [event])
            listening.close()
            loop.close()
        }

        @Test("A closed terminal is a hang-up, and stays one") func hangUp() {
            terminal.hangUp()
            #expect(loop.next(within: .seconds(30)) == [.hangUp])
            #expect(loop.next(within: .seconds(30)) == [.hangUp])
            loop.close()
        }
    }
}
