import Foundation
import TestSupport
import Testing

@testable import Tensors

extension TorchTests {
    @Suite("Damaged safetensors files", .timeLimit(.minutes(2)))
    struct SafetensorsDamageTests {
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
        }

        private func open(_ bytes: [UInt8]) throws -> SafetensorsFile {
            try SafetensorsFile(contentsOf: folder.file("model.safetensors", bytes))
        }

        /// A file of the types that weights have, small enough to try everything on.
        private func healthy() throws -> [UInt8] {
            let url = folder.url.appendingPathComponent("healthy.safetensors")
            let numbers = try Generator(seed: 1).normal([2, 3])
            let tensors = [("conv.weight", numbers), ("conv.bias", try numbers.to(.bfloat16)), ("norm", try numbers.to(.float16))]
            try SafetensorsWriter.write(tensors.map { (name: $0.0, tensor: $0.1) }, metadata: ["format": "pt"], to: url)
            return Array(try Data(contentsOf: url))
        }

        @Test("A truncated file is refused, wherever it ends") func truncated() throws {
            let bytes = try healthy()
            for place in 0..<200 {
                let message = try refusal { try open(Array(bytes.prefix(bytes.count * place / 200))) }
                #expect(message.contains("model.safetensors"))
            }
            #expect(throws: WeightFileError.self) { try open(bytes + [0]) }
        }

        @Test("With any bit of the header flipped, the file is refused, has other names or holds the same tensors") func flipped() throws {
            var bytes = try healthy()
            let expected = try Contents(open(bytes))
            let headerLength = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
            var refused = 0
            for position in 0..<headerLength {
                for bit in 0..<8 {
                    bytes[position] ^= 1 << bit
                    defer { bytes[position] ^= 1 << bit }
                    guard let file = try? open(bytes) else {
                        refused += 1
                        continue
                    }
                    // Whoever loads weights asks for each by name, so a changed name is a refusal there.
                    guard Set(file.names) == Set(expected.items.map(\.name)) else { continue }
                    #expect(try Contents(file).sorted == expected.sorted, "byte \(position), bit \(bit)")
                }
            }
            #expect(refused > headerLength * 8 / 2)
        }

        @Test("An impossible header length is refused", arguments: [1 << 60, UInt64.max, 100_000_001, 3])
        func headerLength(_ length: UInt64) throws {
            #expect(
                try refusal { try open(Safetensors.file(headerLength: length, Array("{}".utf8))) }.contains("header has \(length) bytes"))
        }

        /// A header with four bytes of data, and a part of the message that refuses it.
        static let headers: [(header: String, complaint: String)] = [
            (#"[]"#, "not a JSON object"),
            (#" {}"#, "not a JSON object"),
            (#"{"#, "ends too early"),
            (#"{}x"#, "unexpected character"),
            (#"{}"#, "take 0 bytes where the file has 4"),
            (tensor(offsets: "1,4"), "starts at 1 where the tensor before it ends at 0"),
            (tensor(offsets: "0,3"), "take 3 bytes where the file has 4"),
            (tensor(offsets: "0,8"), "take 8 bytes where the file has 4"),
            (tensor(offsets: "4,0"), "not a start and an end"),
            (tensor(offsets: "0,4,4"), "not a start and an end"),
            (tensor(offsets: "0,4.0"), "not a start and an end"),
            (tensor(offsets: "-0,4"), "not a start and an end"),
            (tensor(offsets: "-4,0"), "not a start and an end"),
            (tensor(offsets: "0,99999999999999999999"), "not a start and an end"),
            (tensor(shape: "4.0"), "not a list of sizes"),
            (tensor(shape: "1.0"), "not a list of sizes"),
            (tensor(shape: "1e0"), "not a list of sizes"),
            (tensor(shape: "01"), "unexpected character"),
            (tensor(shape: "-1"), "not a list of sizes"),
            (tensor(shape: "2"), #""a" has 4 bytes where F32 [2] takes 8"#),
            (tensor(shape: "9223372036854775807,2"), "impossibly large"),
            (tensor(shape: "1,1,1,1,1,1,1,1,1"), "9 dimensions where 8"),
            (tensor(type: "F8_E4M3"), "F8_E4M3"),
            (tensor(type: "f32"), "f32"),
            (#"{"a":{"dtype":"F32","shape":[1]}}"#, "exactly dtype, shape and data_offsets"),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, "exactly dtype, shape and data_offsets"),
            (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, #""dtype" twice"#),
            (
                #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"#,
                #""a" twice"#
            ),
            (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#, "starts at 1"),
            (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#, "starts at 2"),
            (#"{"__metadata__":{"step":4},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "metadata"),
            (#"{"__metadata__":[],"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "metadata"),
            ("{\"a\u{1}\":0}", "unexpected character"),
            (#"{"\ud800":0}"#, "unexpected character"),
            (#"{"\ud800\u0041":0}"#, "half a character"),
            (String(repeating: #"{"a":"#, count: 100_000), "nested deeper"),
        ]

        private static func tensor(type: String = "F32", shape: String = "1", offsets: String = "0,4") -> String {
            #"{"a":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}}"#
        }

        @Test("A header that says something false or impossible is refused by name", arguments: headers)
        func header(_ header: String, complaint: String) throws {
            let message = try refusal { try open(Safetensors.file(header, [0, 0, 0x80, 0x3F])) }
            #expect(message.contains(complaint), "\(message)")
        }

        @Test("A name cannot steer the terminal through a message") func controlCharacters() throws {
            let header = #"{"\u001b[2J\n":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#
            #expect(try !refusal { try open(Safetensors.file(header, [0, 0, 0, 0])) }.contains("\u{1B}"))
        }

        @Test("70,000 tensors are refused") func manyTensors() throws {
            let members = (0..<70_000).map { #""\#($0)":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"# }
            #expect(try refusal { try open(Safetensors.file("{\(members.joined(separator: ","))}")) }.contains("70000 tensors where 65536"))
        }

        @Test("Millions of empty values are refused") func manyValues() throws {
            let lists = String(repeating: "[],", count: 2_100_000)
            #expect(try refusal { try open(Safetensors.file("{\"a\":[\(lists)0]}")) }.contains("more than 2000000 values"))
        }

        @Test("A file that becomes shorter once it is open is an error at its next tensor") func cutWhileOpen() throws {
            let file = try open(healthy())
            #expect(truncate(file.url.path, 200) == 0)
            let message = try refusal { try file.tensor("conv.weight") }
            #expect(message.contains("model.safetensors") && message.contains("has 200 now"))
        }

        @Test("A file that is cut while a tensor is used ends the process with a sentence") func cutWhileUsed() async throws {
            let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
                MappedFileGuard.install()
                let folder = try TemporaryFolder()
                let url = folder.url.appendingPathComponent("w.safetensors")
                try SafetensorsWriter.write([("a", Tensor.ones([1 << 20]))], to: url)
                let tensor = try SafetensorsFile(contentsOf: url).tensor("a")
                _ = truncate(url.path, 100)
                _ = try tensor.floats()
            }
            let complaint = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
            #expect(complaint.contains("became shorter"))
        }

        @Test("A truth value other than 0 and 1 is refused") func truthValues() throws {
            let header = #"{"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}"#
            let file = try open(Safetensors.file(header, [1, 2]))
            #expect(try refusal { try file.tensor("a") }.contains("the byte 2"))
        }
    }
}
