import Foundation
import Steering
import TestSupport
import Testing

extension TorchTests {
    @Suite("What is in a pack's part for texts")
    struct TextReportTests {
        private let folder: TemporaryFolder
        private let pack: URL

        init() throws {
            folder = try TemporaryFolder()
            pack = try TextReference.pack(in: folder)
        }

        private func change(_ file: String, _ old: String, to new: String) throws {
            let url = pack.appendingPathComponent(file)
            let text = try String(contentsOf: url, encoding: .utf8)
            try #require(text.contains(old))
            try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: url)
        }

        @Test("A whole part has no faults and says what it holds") func whole() async throws {
            let report = try await Engine(threads: 1).report(on: pack)
            #expect(report.allFaults == [])
            for name in ["prior/text_encoder", "prior/tokenizer", "prior/prior", "prior/scheduler"] {
                let part = try #require(report.parts.first { $0.name == name })
                #expect(part.path != nil && !part.summary.isEmpty && !part.isNeeded)
            }
        }

        @Test("A fault in any of its files is told") func faults() async throws {
            try change("prior/text_encoder/config.json", "\"hidden_act\": \"gelu\"", to: "\"hidden_act\": \"relu\"")
            try change("prior/prior/config.json", "\"num_layers\": 2", to: "\"num_layers\": 1")
            try change("prior/scheduler/scheduler_config.json", "squaredcos_cap_v2", to: "linear")
            try change("prior/tokenizer/merges.txt", "#version: 0.2", to: "a b c")
            let report = try await Engine(threads: 1).report(on: pack)
            #expect(report.allFaults.count == 4)
            for name in ["hidden_act", "transformer_blocks.1", "beta_schedule", "merges.txt: line 1"] {
                #expect(report.allFaults.contains { $0.contains(name) }, "\(name): \(report.allFaults)")
            }
        }

        @Test("More tokens than the text encoder knows are told, and refused when a prompt is drawn") func vocabulary() async throws {
            try change("prior/tokenizer/vocab.json", ":913}", to: ":913,\"extra\":914}")
            let report = try await Engine(threads: 1).report(on: pack)
            #expect(report.allFaults.count == 1 && report.allFaults[0].contains("prior/tokenizer has a vocabulary of 915"))
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(pack)
            let request = RenderRequest(.prompt(Prompt("a red circle", steps: 2)), sampling: Sampling(steps: 1, start: .noise(seed: 0)))
            #expect(try await refusal { try await engine.render(request) }.contains("915 tokens"))
        }
    }
}
