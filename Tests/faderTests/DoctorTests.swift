import Foundation
import TestSupport
import Testing

@Suite("The doctor") struct DoctorTests {
    private func report(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> [String: Any] {
        let outcome = try Program.run(["doctor", "--json"] + arguments, environment: environment)
        #expect(outcome.code == 0, "\(outcome.complaint)")
        return try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
    }

    private func section(_ name: String, _ report: [String: Any]) throws -> [String: Any] {
        try #require(report[name] as? [String: Any])
    }

    @Test("Every subject is in the JSON, also without a terminal") func subjects() throws {
        let report = try report()
        let subjects = ["advice", "devices", "libtorch", "pack", "pictures", "precision", "processor", "terminal", "threads"]
        #expect(report.keys.sorted() == subjects)
        #expect(try section("libtorch", report)["version"] as? String != "")
        #expect(try section("precision", report)["type"] as? String != nil)
        #expect(try section("terminal", report)["connected"] as? Bool == false)
        #expect(try section("pack", report)["name"] as? String == "demo")
        #expect(try section("pictures", report).keys.sorted() == ["Colour profiles", "JPEG", "PNG", "WebP"])
    }

    @Test("The text names each subject, fits a screen also when much hurts, and ends with what to do next")
    func text() throws {
        let troubles = ["OMP_WAIT_POLICY": "ACTIVE", "OMP_NUM_THREADS": "1000", "MKL_NUM_THREADS": "1000", "OMP_PROC_BIND": "true"]
        for environment in [[:], troubles] {
            let outcome = try Program.run(["doctor"], environment: environment)
            #expect(outcome.code == 0)
            let text = String(decoding: outcome.output, as: UTF8.self)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            #expect(lines.count <= 24, "\(text)")
            #expect(lines.last?.hasPrefix("Next: ") == true)
            #expect(!text.contains("-O2") && !text.contains("CXX_FLAGS"))
            for subject in ["libtorch", "processor", "devices", "threads", "precision", "pictures", "terminal", "pack"] {
                #expect(lines.contains { $0.hasPrefix(subject) }, "\(subject)")
            }
        }
    }

    @Test("What hurts comes with advice") func advice() throws {
        let folder = try TemporaryFolder()
        let report = try report(
            ["--pack", folder.url.appendingPathComponent("none").path, "--device", "cuda:77"],
            environment: ["OMP_WAIT_POLICY": "ACTIVE", "OMP_NUM_THREADS": "1000"])
        #expect(try section("pack", report)["found"] as? Bool == false)
        let advice = try #require(report["advice"] as? [String])
        for words in ["OMP_WAIT_POLICY=active", "OMP_NUM_THREADS=1000", "cuda:77", "no pack"] {
            #expect(advice.contains { $0.contains(words) }, "\(words)")
        }
    }

    @Test("On a terminal it says what the terminal answers, and leaves it as it was") func terminal() throws {
        let session = try #require(TerminalSession(["doctor"], columns: 132, rows: 43))
        #expect(session.exitCode() == 0)
        #expect(session.terminal.waits { $0.text.contains("assets/demo") })
        let text = session.terminal.text
        for words in ["XTerm(379)", "132", "43", "sixel", "10 × 20 pixels"] { #expect(text.contains(words), "\(words)") }
        #expect(session.terminal.lineSettings == session.settings)
    }

    @Test("A terminal that never answers is no obstacle") func silentTerminal() throws {
        let session = try #require(TerminalSession(["doctor"], columns: 80, rows: 24, manner: .silent))
        #expect(session.exitCode() == 0)
        #expect(session.terminal.waits { $0.text.contains("did not answer") })
        #expect(session.terminal.lineSettings == session.settings)
    }
}
