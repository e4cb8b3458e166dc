import Foundation
import TestSupport
import Testing

@testable import Tensors

extension TorchTests {
    @Suite("Finding weights, and weights in shards")
    struct ShardedWeightsTests {
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
        }

        private func write(_ name: String, _ tensors: [(name: String, tensor: Tensor)]) throws {
            try SafetensorsWriter.write(tensors, to: folder.url.appendingPathComponent(name))
        }

        private func index(_ text: String) throws -> URL { try folder.file("model.safetensors.index.json", text.utf8) }

        @Test("Shards read as one file") func shards() throws {
            try write("model-1.safetensors", [("a", .full([1], 1)), ("b", .full([1], 2))])
            try write("model-2.safetensors", [("c", .full([1], 3))])
            let map = #"{"a":"model-1.safetensors","b":"model-1.safetensors","c":"model-2.safetensors"}"#
            _ = try index(#"{"metadata":{"total_size":12.0},"weight_map":\#(map)}"#)
            let file = try WeightFiles.open(in: folder.url, stem: "model")
            #expect(file.names == ["a", "b", "c"])
            #expect(file.entry("c")?.shape == [1])
            #expect(file.entry("d") == nil)
            #expect(try file.names.map { try file.tensor($0).item() } == [1, 2, 3])
            #expect(try refusal { try file.tensor("d") }.contains("model.safetensors.index.json"))
        }

        @Test("An index and its shards must agree, and a shard lies beside its index") func disagreement() throws {
            try write("s.safetensors", [("a", .ones([1])), ("b", .ones([1]))])
            let cases = [
                (#"{"weight_map":{"a":"s.safetensors"}}"#, #"does not say that "b" is in "s.safetensors""#),
                (#"{"weight_map":{"a":"s.safetensors","b":"s.safetensors","c":"s.safetensors"}}"#, #"no tensor called "c""#),
                (#"{"weight_map":{"a":"t.safetensors"}}"#, "t.safetensors: cannot be read: No such file"),
                (#"{"weight_map":{"a":"../s.safetensors"}}"#, "no plain file name"),
                (#"{"weight_map":{"a":"/etc/passwd"}}"#, "no plain file name"),
                (#"{"weight_map":{"a":1}}"#, "no plain file name"),
                (#"{"weight_map":[]}"#, "no weight_map"),
                (#"{}"#, "no weight_map"),
                (#"{"weight_map":{"a":"s.safetensors","a":"s.safetensors"}}"#, #""a" twice"#),
                ("", "ends too early"),
            ]
            for (text, complaint) in cases {
                let message = try refusal { try ShardedWeights(contentsOf: index(text)) }
                #expect(message.contains(complaint), "\(message)")
            }
        }

        @Test("The whole file is preferred to half precision, and both to shards") func preference() throws {
            let names = [
                "m.fp16.safetensors.index.json", "m.safetensors.index.fp16.json", "m.safetensors.index.json", "m.fp16.safetensors",
                "m.safetensors",
            ]
            try write("shard.safetensors", [("a", .ones([1]))])
            for name in names {
                if name.hasSuffix(".json") {
                    _ = try folder.file(name, #"{"weight_map":{"a":"shard.safetensors"}}"#.utf8)
                } else {
                    try write(name, [("a", .ones([1]))])
                }
                #expect(try WeightFiles.open(in: folder.url, stem: "m").url.lastPathComponent == name)
            }
        }

        @Test("Where there are no weights, the message says what was looked for") func nothing() throws {
            let message = try refusal { try WeightFiles.open(in: folder.url, stem: "model") }
            #expect(message.contains(folder.url.path) && message.contains("model.safetensors, model.fp16.safetensors"))
        }
    }
}
