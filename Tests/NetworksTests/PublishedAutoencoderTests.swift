import Foundation
import Tensors
import TestSupport
import Testing

@testable import Networks

extension TorchTests {
    /// Fixtures: made by Tests/Reference/make_autoencoder_fixtures.py.
    @Suite("Sparse autoencoders as libraries publish them")
    struct PublishedAutoencoderTests {
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
        }

        private static var fixtures: URL { Bundle.module.bundleURL.appendingPathComponent("Fixtures/autoencoders") }

        static var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: fixtures.path)) ?? []).sorted() }

        /// The files of one fixture: its weights and its configuration, if it has one.
        private func files(_ name: String) throws -> (weights: URL, configuration: URL?) {
            let place = Self.fixtures.appendingPathComponent("\(name)/sae")
            let names = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0 != "sparsity.safetensors" }
            let weights = try #require(names.first { !$0.hasSuffix(".json") })
            return (place.appendingPathComponent(weights), names.first { $0.hasSuffix(".json") }.map(place.appendingPathComponent))
        }

        private func file(_ name: String) throws -> SparseAutoencoderFile {
            let (weights, configuration) = try files(name)
            return try SparseAutoencoderFile(WeightFiles.open(weights), configuration: configuration)
        }

        /// The fixture's weights with another configuration.
        private func file(_ name: String, _ json: String, as configuration: String) throws -> SparseAutoencoderFile {
            try SparseAutoencoderFile(WeightFiles.open(files(name).weights), configuration: folder.file(configuration, json.utf8))
        }

        private func difference(_ found: Tensor, _ expected: Tensor) throws -> Double {
            #expect(found.shape == expected.shape)
            return try (found.to(.float32) - expected).magnitude().largest().item()
        }

        /// What `body` is refused with.
        private func refusal(_ body: () throws -> Any) throws -> String {
            let error = #expect(throws: (any Error).self) { _ = try body() }
            return error.map { String(describing: $0) } ?? ""
        }

        @Test("There are fixtures of every library") func fixtures() {
            #expect(Self.names.count == 29)
        }

        @Test("Activations, directions, reconstructions and edits are those of the library's formula", arguments: names)
        func formula(name: String) throws {
            let file = try file(name)
            #expect(try file.faults() == [])
            #expect(file.count == 10 && file.width == 6)
            let autoencoder = try file.load(as: .float32, on: .cpu)
            let expected = try SafetensorsFile(contentsOf: Self.fixtures.appendingPathComponent("\(name)/expected.safetensors"))
            let embeddings = try expected.tensor("embeddings")
            let features = try autoencoder.encode(embeddings)
            #expect(try difference(features, expected.tensor("features")) <= 1e-5)
            #expect(try difference(autoencoder.directions, expected.tensor("directions")) <= 1e-5)
            #expect(try difference(autoencoder.decode(features, of: embeddings), expected.tensor("reconstruction")) <= 2e-5)
            for row in 0..<embeddings.size(0) {
                let one = try embeddings.narrowed(0, from: row, length: 1)
                let moved = try autoencoder.moved(one, by: [(feature: 2, amount: 1.5), (feature: 7, amount: -0.5)])
                #expect(try difference(moved, expected.tensor("moved").narrowed(0, from: row, length: 1)) <= 2e-5)
            }
        }

        @Test("Whose autoencoder it is can be told") func families() throws {
            let found = try Self.names.map { try file($0).family }
            #expect(Set(found) == ["Fader", "SAELens", "dictionary_learning", "OpenAI", "ViT-Prisma", "Overcomplete"])
        }

        @Test(
            "An option that is not heeded, or that the file contradicts, is refused by its name",
            arguments: [
                ("saelens-standard", "cfg.json", #"{"architecture": "gated"}"#, "\"architecture\""),
                ("saelens-standard", "cfg.json", #"{"architecture": "transcoder"}"#, "\"architecture\""),
                ("saelens-standard", "cfg.json", #"{"architecture": "topk"}"#, "\"k\""),
                ("saelens-standard", "cfg.json", #"{"architecture": "topk", "k": 11}"#, "\"k\""),
                ("saelens-standard", "cfg.json", #"{"architecture": "jumprelu"}"#, "\"threshold\""),
                ("saelens-standard", "cfg.json", #"{"normalize_activations": "covariance_whitening"}"#, "\"normalize_activations\""),
                ("saelens-standard", "cfg.json", #"{"reshape_activations": "hook_z"}"#, "\"reshape_activations\""),
                ("saelens-standard", "cfg.json", #"{"activation_fn_str": "tanh-relu"}"#, "\"activation_fn_str\""),
                ("saelens-standard", "cfg.json", #"{"apply_b_dec_to_input": "yes"}"#, "\"apply_b_dec_to_input\""),
                ("saelens-standard", "cfg.json", #"{"d_in": 7}"#, "\"d_in\""),
                ("saelens-standard", "cfg.json", #"{"d_sae": 64}"#, "\"d_sae\""),
                ("saelens-standard", "cfg.json", "[]", "not a JSON object"),
                ("saelens-old-tuned", "cfg.json", "{}", "\"finetuning_scaling_factor\""),
                ("learning-topk", "config.json", #"{"trainer": {"dict_class": "GatedAutoEncoder"}}"#, "\"trainer.dict_class\""),
                ("learning-topk", "config.json", #"{"trainer": {"dict_class": "AutoEncoderTopK", "k": 4}}"#, "\"trainer.k\""),
                (
                    "learning-topk", "config.json", #"{"trainer": {"dict_class": "AutoEncoderTopK", "dict_size": 4}}"#,
                    "\"trainer.dict_size\""
                ),
                ("learning-topk", "config.json", #"{"trainer": {}}"#, "\"trainer.dict_class\""),
                ("prisma-topk", "config.json", #"{"activation_fn_str": "relu", "architecture": "gated"}"#, "\"architecture\""),
                ("prisma-topk", "config.json", #"{"activation_fn_str": "relu", "is_transcoder": true}"#, "\"is_transcoder\""),
                ("overcomplete", "config.json", #"{"dictionary_normalization": "l3"}"#, "\"dictionary_normalization\""),
                ("own-names-with-cfg", "config.json", #"{"architecture": "topk", "k": 2}"#, "\"architecture\""),
                ("openai-topk", "config.json", #"{"normalize_activations": "batch_norm"}"#, "\"normalize_activations\""),
            ])
        func refusedOptions(name: String, configuration: String, json: String, complaint: String) throws {
            let message = try refusal { try file(name, json, as: configuration) }
            #expect(message.contains(complaint), "\(message)")
        }

        @Test("What cannot be known without a configuration is asked for", arguments: ["saelens-standard", "prisma-topk", "learning-topk"])
        func missingConfiguration(name: String) throws {
            let message = try refusal { try SparseAutoencoderFile(WeightFiles.open(files(name).weights), configuration: nil) }
            #expect(message.contains("config"), "\(message)")
        }

        private func open(_ shapes: [String: [Int]]) throws -> SparseAutoencoderFile {
            let url = folder.url.appendingPathComponent("sae.safetensors")
            try SafetensorsWriter.write(
                shapes.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: try Tensor.ones($0.value)) }, to: url)
            return try SparseAutoencoderFile(SafetensorsFile(contentsOf: url), configuration: nil)
        }

        @Test(
            "Other kinds of dictionaries are refused with what they hold and what is read",
            arguments: [
                (["W_enc": [6, 10], "b_gate": [10], "W_dec": [10, 6]], "gated"),
                (["encoder.weight": [10, 6], "r_mag": [10], "decoder.weight": [6, 10]], "gated"),
                (["W_enc": [6, 10], "W_skip": [6, 6], "W_dec": [10, 6]], "transcoder"),
                (["dictionary._weights": [10, 6], "encoder.mlp_blocks.0.0.weight": [6, 6]], "several layers"),
                (["weight": [3, 3], "evil\u{1B}[2J": [1]], "no sparse autoencoder"),
            ] as [([String: [Int]], String)])
        func others(shapes: [String: [Int]], complaint: String) throws {
            let message = try refusal { try open(shapes) }
            #expect(message.contains(complaint) && message.contains("W_enc, b_enc, W_dec and b_dec (SAELens"), "\(message)")
            let name = shapes.keys.sorted()[0].replacing("\u{1B}", with: "\u{FFFD}")
            #expect(message.contains(name) && !message.contains("\u{1B}"), "\(message)")
        }

        @Test("A crosscoder's three-dimensional encoder is refused by its shape") func crosscoder() throws {
            let shapes = ["encoder.weight": [2, 6, 10], "encoder.bias": [10], "decoder.weight": [2, 10, 6], "decoder.bias": [2, 6]]
            #expect(try refusal { try open(shapes) }.contains("[2, 6, 10]"))
        }

        @Test("A tensor that belongs nowhere is refused") func leftOver() throws {
            let file = try open([
                "encoder.weight": [10, 6], "encoder.bias": [10], "decoder.weight": [6, 10], "bias": [6], "stray": [1],
            ])
            #expect(try file.faults().map(\.description).contains { $0.contains("\"stray\"") })
            #expect(try refusal { try file.load(as: .float32, on: .cpu) }.contains("\"stray\""))
        }
    }
}
