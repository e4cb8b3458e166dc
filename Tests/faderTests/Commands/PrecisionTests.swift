import Foundation
import Pictures
import TestSupport
import Testing

@Suite("The demo pack in half types") struct PrecisionTests {
    @Test("It draws in float16 what it draws in float32, and the log says once what computes in float32") func demo() throws {
        let folder = try TemporaryFolder()
        let log = folder.url.appendingPathComponent("log").path
        func picture(_ type: String) throws -> Picture {
            let output = folder.url.appendingPathComponent("\(type).png")
            let outcome = try Program.run(
                "render", Program.samples[0], "-o", output.path, "--device", "cpu", "--dtype", type, "--steps", "2", "--seed", "1", "--log",
                log)
            #expect(outcome.code == 0, "\(outcome.complaint)")
            return try Picture(contentsOf: output)
        }
        let found = try picture("float16")
        let remarks = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").filter { $0.contains("computes in float32") }
        #expect(remarks.count == 1 && remarks[0].contains("decoder/movq"), "\(remarks)")
        let expected = try picture("float32")
        let largest = zip(found.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }.max()
        #expect(try #require(largest) <= 8)
    }
}
