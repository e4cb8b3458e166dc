import Foundation

/// Plays keys to the program in a pseudo-terminal, and times what comes of them.
struct KeysBenchmark {
    /// How long nothing new must come before the picture counts as finished.
    private static let stillness = 1.5

    let root: URL

    func run() throws {
        let program = root.appendingPathComponent(".build/release/fader")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            return print("\nKeys are not timed: build the program first, with `make build`.")
        }
        let words =
            [program.path, "--pack", root.appendingPathComponent("assets/demo").path]
            + [root.appendingPathComponent("assets/samples/01.png").path]
        guard let terminal = PlayedTerminal(words) else { return print("\nKeys are not timed: the system gives no terminal.") }
        defer { terminal.quit() }
        guard terminal.waits(until: { $0.arrivals.contains { $0.column > 60 } }) else {
            return print("\nKeys are not timed: no picture came within a minute.")
        }
        rest(terminal)
        var (echo, preview, full) = ([Double](), [Double](), [Double]())
        for _ in 0..<24 {
            let begun = terminal.arrivals.count
            let pressed = terminal.type("\u{1B}[C")
            guard terminal.waits(until: { $0.pictures(since: begun).count > 0 }) else { continue }
            rest(terminal)
            let pictures = terminal.pictures(since: begun)
            if let first = terminal.firstOutput { echo.append((first - pressed) / .milliseconds(1)) }
            if let first = pictures.first { preview.append((first.time - pressed) / .milliseconds(1)) }
            if let last = pictures.last { full.append((last.time - pressed) / .milliseconds(1)) }
        }
        print("\nKeys on the demo pack in a pseudo-terminal                least    median      95 %   largest")
        Self.report("key to the slider's bar", echo)
        Self.report("key to the first changed preview", preview)
        Self.report("key to the full picture (150 ms of rest included)", full)
        try held(terminal)
    }

    /// A key that repeats, as while a slider is dragged: how many pictures come in a second.
    private func held(_ terminal: PlayedTerminal) throws {
        let begun = terminal.arrivals.count
        let presses = 60
        for press in 0..<presses {
            _ = terminal.type(press / 20 % 2 == 0 ? "\u{1B}[D" : "\u{1B}[C")
            usleep(33_000)
        }
        let count = terminal.pictures(since: begun).count
        print("pictures a second while a key repeats 30 times a second: \(Self.text(Double(count) / (0.033 * Double(presses))))")
    }

    private func rest(_ terminal: PlayedTerminal) {
        var count = -1
        while count != terminal.arrivals.count {
            count = terminal.arrivals.count
            usleep(UInt32(Self.stillness * 1_000_000))
        }
    }

    private static func report(_ name: String, _ times: [Double]) {
        let times = times.sorted()
        guard let least = times.first, let largest = times.last else { return print("\(name): nothing came") }
        let figures = [least, times[times.count / 2], times[min(times.count - 1, times.count * 95 / 100)], largest].map(text)
        let columns = figures.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }
        print(name + String(repeating: " ", count: max(1, 53 - name.count)) + columns.joined())
    }

    private static func text(_ number: Double) -> String { String((number * 10).rounded() / 10) }
}

extension PlayedTerminal {
    /// The pictures on the right that have come since a place in the list, and differ from the one before.
    fileprivate func pictures(since begun: Int) -> [Arrival] {
        let all = arrivals
        var shown = all[..<begun].last { $0.column > 60 }?.hash
        return all[begun...].filter { arrival in
            guard arrival.column > 60, arrival.hash != shown else { return false }
            shown = arrival.hash
            return true
        }
    }
}
