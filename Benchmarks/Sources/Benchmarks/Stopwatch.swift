/// Times a piece of work over several runs.
struct Stopwatch {
    /// How many runs count; one more goes before them.
    let runs: Int

    /// Prints the least, the median and the largest time in milliseconds.
    func measure(_ name: String, _ work: () async throws -> Void) async throws {
        try await work()
        var times: [Double] = []
        for _ in 0..<runs {
            let start = ContinuousClock.now
            try await work()
            times.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        times.sort()
        report(name, times)
    }

    private func report(_ name: String, _ times: [Double]) {
        let figures = [times[0], times[times.count / 2], times[times.count - 1]].map { Self.text($0).padded(to: 9) }
        print(name + String(repeating: " ", count: max(1, 46 - name.count)) + figures.joined(separator: " "))
    }

    private static func text(_ milliseconds: Double) -> String {
        let scale = milliseconds < 1 ? 10_000.0 : 10
        return String((milliseconds * scale).rounded() / scale)
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
