import Foundation
import TestSupport

/// Calls `body` with malformed inputs, a million bytes of them: valid ones that are damaged, pieces of them in any order, and noise.
/// - Parameter samples: valid inputs.
func withMalformedBytes(_ samples: [Data], seed: UInt64, _ body: (Data) throws -> Void) rethrows {
    var generator = SeededGenerator(seed: seed)
    let count = 1_000_000
    var total = 0
    while total < count {
        let sample = samples[Int.random(in: samples.indices, using: &generator)]
        let bytes =
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: Data((0..<Int.random(in: 1...400, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) })
            case 1: (0..<6).reduce(Data()) { data, _ in data + sample.piece(&generator) }
            default: sample.damaged(&generator)
            }
        // One without bytes counts too, or there might be no end.
        total += max(1, bytes.count)
        try body(bytes)
    }
}

extension Data {
    /// With some bytes changed, left out, or put in twice.
    func damaged(_ generator: inout SeededGenerator) -> Data {
        var bytes = Array(self)
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &generator)
            let end = Swift.min(bytes.count, place + Int.random(in: 1...20, using: &generator))
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 3: bytes.removeSubrange(place...)
            default: bytes.insert(contentsOf: Array("\r\n".utf8), at: place)
            }
        }
        return Data(bytes)
    }

    fileprivate func piece(_ generator: inout SeededGenerator) -> Data {
        let start = Int.random(in: 0...count, using: &generator)
        return dropFirst(start).prefix(Int.random(in: 0...60, using: &generator))
    }
}
