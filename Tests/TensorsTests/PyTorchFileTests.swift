import Foundation
import TestSupport
import Testing

@testable import Tensors

extension TorchTests {
    /// Fixtures: made by Tests/Reference/make_tensor_fixtures.py.
    @Suite("PyTorch's files")
    struct PyTorchFileTests {
        @Test("A state dict holds the same tensors as safetensors do", arguments: ["every-type.pth", "views.pth", "views-protocol-4.pth"])
        func sameAsSafetensors(name: String) throws {
            let file = try PyTorchFile(contentsOf: Fixture.url(name))
            let twin = name.hasPrefix("views") ? "views.safetensors" : "every-type.safetensors"
            let expected = try Contents(SafetensorsFile(contentsOf: Fixture.url(twin)))
            #expect(try Contents(file).sorted == expected.sorted)
            for item in expected.items {
                #expect(file.entry(item.name)?.shape == item.shape)
                #expect(file.entry(item.name)?.dataType == item.dataType)
            }
        }

        @Test(
            "Older files, bare pickles and checkpoints hold the same tensors",
            arguments: ["legacy.pth", "legacy-protocol-4.pth", "bare.pkl", "checkpoint.pth"])
        func otherForms(name: String) throws {
            let file = try WeightFiles.open(Fixture.url(name))
            #expect(file.names == ["weight", "half", "shared"])
            #expect(try file.tensor("weight").floats() == [0, 1, 2, 3, 4, 5] && file.entry("weight")?.shape == [2, 3])
            #expect(try file.tensor("half").to(.float32).floats() == [1, -2.5, 3, 4])
            #expect(try file.tensor("shared").floats() == [0, 3, 1, 4, 2, 5] && file.entry("shared")?.shape == [3, 2])
        }

        @Test("Plain values between the tensors are notes") func notes() throws {
            let file = try PyTorchFile(contentsOf: Fixture.url("notes.pth"))
            #expect(file.names == ["pre_bias"])
            #expect(file.notes["activation"] == .text("TopK") && file.notes["activation_state_dict.k"] == .integer(32))
            #expect(file.notes["scale"] == .number(0.25) && file.notes["tied"] == .boolean(false))
        }

        @Test(
            "A Git LFS pointer is called one, with the command that fetches the file",
            arguments: ["a.pth", "a.safetensors", "a.index.json"])
        func pointer(name: String) throws {
            let folder = try TemporaryFolder()
            let text = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1000\n"
            let message = try refusal { try WeightFiles.open(folder.file(name, text.utf8)) }
            #expect(message.contains(name) && message.contains("Git LFS pointer") && message.contains("git lfs pull"))
        }

        @Test("A link that leads nowhere is named, and where it leads") func dangling() throws {
            let folder = try TemporaryFolder()
            let link = folder.url.appendingPathComponent("model.safetensors")
            try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "../blobs/0123")
            for message in [
                try refusal { try WeightFiles.open(link) }, try refusal { try WeightFiles.open(in: folder.url, stem: "model") },
            ] {
                #expect(message.contains("model.safetensors") && message.contains("../blobs/0123"), "\(message)")
            }
        }

        @Test("Weights of transformers' older name are found, whole and in shards") func transformersNames() throws {
            let folder = try TemporaryFolder()
            let bytes = try Fixture.bytes("legacy.pth")
            _ = try folder.file("pytorch_model-00001-of-00001.bin", bytes)
            let map = #"{"weight_map": {"weight": "S", "half": "S", "shared": "S"}}"#
            _ = try folder.file(
                "pytorch_model.bin.index.json", map.replacingOccurrences(of: "S", with: "pytorch_model-00001-of-00001.bin").utf8)
            #expect(try WeightFiles.open(in: folder.url, stem: "model").names == ["weight", "half", "shared"])
            _ = try folder.file("pytorch_model.bin", bytes)
            #expect(try WeightFiles.open(in: folder.url, stem: "model").url.lastPathComponent == "pytorch_model.bin")
        }

        @Test("Names come in the order of the dictionary") func order() throws {
            let file = try PyTorchFile(contentsOf: Fixture.url("views.pth"))
            #expect(file.names.prefix(3) == ["base", "transposed", "sliced"])
        }

        @Test("A module's state dict loads, notes of PyTorch and all") func module() throws {
            let file = try WeightFiles.open(Fixture.url("module.pth"))
            #expect(file.names.prefix(2) == ["0.weight", "0.bias"])
            #expect(try file.tensor("1.num_batches_tracked").integers() == [0])
            #expect(try file.tensor("1.running_var").floats() == [1, 1])
        }

        @Test("A repeated dimension takes no memory") func repeated() throws {
            let file = try PyTorchFile(contentsOf: Fixture.url("views.pth"))
            let entry = try #require(file.entry("expanded"))
            #expect(entry.shape == [3, 2, 4] && entry.byteRange.count < 3 * 2 * 4 * 4 * 2)
            #expect(try file.tensor("expanded").floats() == [0, 20, 40].flatMap { [Float](repeating: $0, count: 8) })
        }

        @Test("A name that is not there is an error that names file and key") func missing() throws {
            let file = try PyTorchFile(contentsOf: Fixture.url("module.pth"))
            let message = try refusal { try file.tensor("encoder.weight") }
            #expect(message.contains("module.pth") && message.contains("\"encoder.weight\""))
        }

        @Test("An archive with 64-bit sizes reads the same", arguments: [false, true]) func wideArchive(wide: Bool) throws {
            let folder = try TemporaryFolder()
            let url = try folder.file(
                "w.pth", StoredZip.archive([("w/data.pkl", Pickle.oneTensor), ("w/data/0", [0, 0, 0x80, 0x3F])], wide: wide))
            #expect(try PyTorchFile(contentsOf: url).tensor("a").floats() == [1])
        }
    }
}
