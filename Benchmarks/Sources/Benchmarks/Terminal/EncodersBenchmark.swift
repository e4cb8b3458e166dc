import Foundation
import Pictures
import Terminal

/// Our sixel next to that of other programs, on one picture of 512 × 512.
struct EncodersBenchmark {
    /// A picture as a file, and its name in the table.
    let picture: URL
    let name: String

    func run() throws {
        let picture = try Picture(contentsOf: picture).resized(width: 512, height: 512)
        let image = try RasterImage(width: 512, height: 512, pixels: picture.pixels)
        let encoder = SixelEncoder()
        print("\nSixel of 512 × 512, \(name)                     milliseconds (median)        bytes")
        try measure("while dragging: 64 colours kept, no dithering") { try encoder.encode(image, quality: .dragging).count }
        try measure("at rest: 256 fresh colours, dithered") { try encoder.encode(image, quality: .atRest).count }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("fader-benchmark-\(UUID().uuidString).png")
        try picture.write(toPNG: file)
        defer { try? FileManager.default.removeItem(at: file) }
        // These read a file and start a process besides; their bytes are what compares.
        try measure("img2sixel, as it is", ["img2sixel", file.path])
        try measure("img2sixel, 64 colours, no dithering", ["img2sixel", "-p", "64", "-d", "none", file.path])
        try measure("chafa, as it is", ["chafa", "--format", "sixel", "--size", "64x32", "--font-ratio", "1/2", file.path])
    }

    private func measure(_ name: String, _ command: [String]) throws {
        guard Self.output(command) != nil else { return print("\(name): \(command[0]) is not installed") }
        try measure(name) { Self.output(command)?.count ?? 0 }
    }

    private func measure(_ name: String, _ work: () throws -> Int) throws {
        var bytes = try work()
        var times: [Double] = []
        for _ in 0..<15 {
            let start = ContinuousClock.now
            bytes = try work()
            times.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        times.sort()
        let figures = [String((times[times.count / 2] * 10).rounded() / 10), String(bytes)]
        print(name + String(repeating: " ", count: max(1, 48 - name.count)) + figures.map { $0.leftPadded(to: 14) }.joined())
    }

    private static func output(_ command: [String]) -> Data? {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? data : nil
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(1, width - count)) + self }
}
