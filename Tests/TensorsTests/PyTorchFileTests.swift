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
