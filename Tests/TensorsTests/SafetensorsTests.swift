import Foundation
import TestSupport
import Testing

@testable import Tensors

extension TorchTests {
    @Suite("Safetensors files")
    struct SafetensorsTests {
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
        }

        @Test("A file of Python's has every type, shape, name and the metadata") func everyType() throws {
            let file = try SafetensorsFile(contentsOf: Fixture.url("every-type.safetensors"))
            #expect(file.metadata == ["format": "pt"])
            for type in DataType.allCases { #expect(file.entry(type.rawValue)?.dataType == type) }
            #expect(file.entry("empty")?.shape == [2, 0, 3])
            #expect(file.entry("scalar")?.shape == [])
            #expect(try file.tensor("scalar").item() == 7.5)
            #expect(try file.tensor("bfloat16").floats() == [0, 1, -2.5, 3.25, 100, -0.125])
            #expect(try file.tensor("int64").integers() == [0, 1, -2, 100, -128].map { $0 << 40 })
            #expect(try file.tensor("naïve \"name\"\n").floats() == [1])
        }

        @Test("Writing what was read gives Python's file, byte for byte") func roundTrip() throws {
            let source = try Fixture.url("every-type.safetensors")
            let file = try SafetensorsFile(contentsOf: source)
            let copy = folder.url.appendingPathComponent("copy.safetensors")
            try SafetensorsWriter.write(file.names.reversed().map { ($0, try file.tensor($0)) }, metadata: file.metadata, to: copy)
            #expect(try Data(contentsOf: copy) == Data(contentsOf: source))
            #expect(try folder.names == ["copy.safetensors"])
        }

        @Test("A tensor outlives the file object, its name on the disk and its replacement") func lifetime() throws {
            let url = folder.url.appendingPathComponent("w.safetensors")
            try SafetensorsWriter.write([("a", Tensor.full([3], 2))], to: url)
            let tensor = try SafetensorsFile(contentsOf: url).tensor("a")
            try SafetensorsWriter.write([("a", Tensor.full([3], 5))], to: url)
            #expect(try tensor.floats() == [2, 2, 2])
            #expect(try SafetensorsFile(contentsOf: url).tensor("a").floats() == [5, 5, 5])
        }

        @Test("What a tensor's memory gave back is read again from the file") func forgetting() throws {
            let url = folder.url.appendingPathComponent("w.safetensors")
            try SafetensorsWriter.write([("a", Tensor.full([100_000], 2)), ("b", Tensor.full([100_000], 3))], to: url)
            let file = try SafetensorsFile(contentsOf: url)
            let (a, b) = (try file.tensor("a"), try file.tensor("b"))
            #expect(try a.sum().item() == 200_000 && b.sum().item() == 300_000)
            file.forget("a")
            file.forget("not there")
            #expect(try a.sum().item() == 200_000 && b.sum().item() == 300_000)
        }

        @Test("A tensor that is not aligned for its type reads right") func misaligned() throws {
            let header = #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}"#
            let file = try SafetensorsFile(contentsOf: folder.file("odd.safetensors", Safetensors.file(header, [7, 0, 0, 0x80, 0x3F])))
            #expect(try file.tensor("b").floats() == [1])
        }

        @Test("A name that is not there is an error that names file and key") func missing() throws {
            let file = try SafetensorsFile(contentsOf: Fixture.url("every-type.safetensors"))
            let message = try refusal { try file.tensor("conv_in.weight") }
            #expect(message.contains("every-type.safetensors") && message.contains("\"conv_in.weight\""))
        }

        @Test("What the format does not allow is not written, and an older file stays") func unwritable() throws {
            let url = try folder.file("w.safetensors", [1, 2, 3])
            let one = try Tensor.ones([1])
            #expect(try refusal { try SafetensorsWriter.write([("a", one), ("a", one)], to: url) }.contains("\"a\""))
            #expect(try refusal { try SafetensorsWriter.write([("__metadata__", one)], to: url) }.contains("__metadata__"))
            let deep = try Tensor.ones([Int](repeating: 1, count: 9))
            #expect(try refusal { try SafetensorsWriter.write([("a", deep)], to: url) }.contains("9 dimensions"))
            #expect(try Data(contentsOf: url) == Data([1, 2, 3]))
            #expect(try folder.names == ["w.safetensors"])
        }

        @Test("A folder that is not there, or a folder in the file's place, is one sentence and leaves nothing behind")
        func unwritablePlace() throws {
            let one = [(name: "a", tensor: try Tensor.ones([1]))]
            let nowhere = folder.url.appendingPathComponent("none/w.safetensors")
            #expect(try refusal { try SafetensorsWriter.write(one, to: nowhere) }.contains("no such file"))
            let taken = folder.url.appendingPathComponent("taken")
            try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
            #expect(try refusal { try SafetensorsWriter.write(one, to: taken) }.contains("taken"))
            #expect(try folder.names == ["taken"])
        }

        @Test("What is not a regular file is refused", arguments: ["/dev/zero", "/tmp", "/nowhere/model.safetensors"])
        func notAFile(path: String) throws {
            #expect(try refusal { try SafetensorsFile(contentsOf: URL(fileURLWithPath: path)) }.hasPrefix(path))
        }
    }
}
