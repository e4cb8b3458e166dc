import Foundation
import Steering
import Tensors
import TestSupport
import Testing

extension TorchTests {
    @Suite("What is in a pack")
    struct PackReportTests {
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
        }

        @Test("A whole pack has no faults, and its parts say what they hold", arguments: ReferencePack.all)
        func whole(pack: ReferencePack) async throws {
            let report = try await Engine(threads: 1).report(on: pack.pack)
            #expect(report.allFaults == [])
            #expect(report.parts.filter(\.isNeeded).allSatisfy { $0.path != nil && !$0.summary.isEmpty || $0.name == "sae" })
            let unet = try #require(report.parts.first { $0.name == "decoder/unet" }?.weights)
            let file = try WeightFiles.open(URL(fileURLWithPath: unet.file))
            #expect(unet.tensorCount == file.names.count)
            #expect(unet.bytes == file.names.reduce(0) { $0 + (file.entry($1)?.byteRange.count ?? 0) })
            #expect(unet.parameterCount > 10_000 && !unet.dataTypes.isEmpty)
        }

        @Test("Every wrong parameter of a network is named, not only the first") func wrongParameters() async throws {
            let copy = try ReferencePack.square.copy(in: folder)
            let url = copy.appendingPathComponent("decoder/unet/diffusion_pytorch_model.safetensors")
            let file = try SafetensorsFile(contentsOf: url)
            var tensors = try file.names.filter { $0 != "conv_out.bias" }.map { (name: $0, tensor: try file.tensor($0).cloned()) }
            for index in tensors.indices where tensors[index].name == "conv_in.weight" {
                tensors[index].tensor = try Tensor.zeros([32, 9, 3, 3])
            }
            tensors.append(("stray", try Tensor.zeros([1])))
            try SafetensorsWriter.write(tensors, to: url)
            let faults = try await Engine(threads: 1).report(on: copy).allFaults
            #expect(faults.count == 3 && faults.allSatisfy { $0.hasPrefix(url.path) })
            #expect(faults[0].contains("\"conv_in.weight\" is [32, 9, 3, 3]") && faults[1].contains("\"conv_out.bias\""))
            #expect(faults[2].contains("\"stray\""))
        }

        @Test("Missing parts, and parts that do not fit each other, are all told") func severalFaults() async throws {
            let copy = try ReferencePack.square.copy(in: folder)
            try FileManager.default.removeItem(at: copy.appendingPathComponent("decoder/scheduler"))
            let url = copy.appendingPathComponent("sae/model.safetensors")
            let width = 7
            try SafetensorsWriter.write(
                [
                    ("encoder.weight", try Tensor.ones([3, width])), ("decoder.weight", try Tensor.ones([width, 3]) * 2),
                    ("enc_bias", try Tensor.zeros([3])), ("dec_bias", try Tensor.zeros([width])),
                ].map { (name: $0.0, tensor: $0.1) }, to: url)
            let report = try await Engine(threads: 1).report(on: copy)
            #expect(report.allFaults.count == 2)
            #expect(report.allFaults[0].contains("no decoder/scheduler"))
            #expect(report.allFaults[1].contains("image embeddings of") && report.allFaults[1].contains("sae has 7"))
            #expect(report.encoderDecoderDifference == 1)
        }

        @Test("An encoder that is the decoder, transposed, differs by nothing") func tied() async throws {
            let copy = try ReferencePack.square.copy(in: folder)
            let url = copy.appendingPathComponent("sae/model.safetensors")
            let file = try SafetensorsFile(contentsOf: url)
            let encoder = try file.tensor("encoder.weight").cloned()
            let tensors = try file.names.map { name in
                (name: name, tensor: try name == "decoder.weight" ? encoder.transposed().contiguous() : file.tensor(name).cloned())
            }
            let before = try await Engine(threads: 1).report(on: copy).encoderDecoderDifference
            try SafetensorsWriter.write(tensors, to: url)
            #expect(try #require(before) > 0)
            #expect(try await Engine(threads: 1).report(on: copy).encoderDecoderDifference == 0)
        }
    }

    @Suite("What is said of a sparse autoencoder")
    struct SparseAutoencoderReportTests {
        private let folder: TemporaryFolder
        private let copy: URL

        init() throws {
            folder = try TemporaryFolder()
            copy = try ReferencePack.square.copy(in: folder)
        }

        /// The report on the pack with `config` as the autoencoder's, and a threshold of this shape.
        private func report(config: String? = nil, threshold: [Int]? = nil) async throws -> PackReport {
            let url = copy.appendingPathComponent("sae/model.safetensors")
            let file = try SafetensorsFile(contentsOf: url)
            var tensors = try file.names.map { (name: $0, tensor: try file.tensor($0).cloned()) }
            if let threshold { tensors.append(("threshold", try Tensor.full(threshold, 0.5))) }
            try SafetensorsWriter.write(tensors, to: url)
            if let config { try Data(config.utf8).write(to: copy.appendingPathComponent("sae/config.json")) }
            return try await Engine(threads: 1).report(on: copy)
        }

        private func summary(_ report: PackReport) -> String { report.parts.first { $0.name == "sae" }?.summary ?? "" }

        @Test("A threshold may be one number, alone or in a list, or one for each feature", arguments: [[], [1], [64]])
        func thresholds(shape: [Int]) async throws {
            let report = try await report(threshold: shape)
            #expect(report.allFaults == [] && summary(report).hasSuffix("those above a threshold"))
            _ = try await Engine(threads: 1).openOnCPU(copy)
        }

        @Test("Its config counts") func config() async throws {
            let report = try await report(config: #"{"activation": "topk", "k": 8}"#)
            #expect(report.allFaults == [] && summary(report).hasSuffix("the 8 largest"))
        }

        @Test(
            "A config that is wrong, or contradicts the file, is a fault",
            arguments: [
                (#"{"activation": "topk", "k": 65}"#, nil), (#"{"activation": "topk"}"#, nil), (#"{"activation": "relu"}"#, [64]),
                (#"{"activation": "threshold"}"#, nil), ("{}", [63]), ("{", nil),
            ] as [(String, [Int]?)])
        func badConfig(config: String, threshold: [Int]?) async throws {
            let faults = try await report(config: config, threshold: threshold).allFaults
            #expect(faults.count == 1, "\(faults)")
        }
    }

    @Suite("The hashes of a pack's files")
    struct PackHashesTests {
        private let folder: TemporaryFolder
        private let copy: URL

        init() throws {
            folder = try TemporaryFolder()
            copy = try ReferencePack.landscape.copy(in: folder)
        }

        @Test("What is written is what is found again, and what pack.json said before stays") func roundTrip() throws {
            let before = try Pack(copy).description
            #expect(!PackHashes(try Pack(copy)).areListed)
            #expect(throws: SteeringError.noHashes(pack: copy.path)) { try PackHashes(Pack(copy)).faults() }
            let written = try PackHashes(Pack(copy)).write()
            #expect(written["decoder/unet/config.json"]?.count == 64 && written["pack.json"] == nil)
            let pack = try Pack(copy)
            #expect(pack.description.sha256 == written)
            var description = pack.description
            description.sha256 = nil
            #expect(description == before)
            #expect(try PackHashes(pack).faults() == [])
        }

        @Test("A changed byte and a missing file are named") func faults() throws {
            try PackHashes(Pack(copy)).write()
            let changed = copy.appendingPathComponent("decoder/movq/config.json")
            try (Data(contentsOf: changed) + Data(" ".utf8)).write(to: changed)
            try FileManager.default.removeItem(at: copy.appendingPathComponent("decoder/scheduler/scheduler_config.json"))
            let faults = try PackHashes(Pack(copy)).faults()
            #expect(faults.map(\.name) == ["decoder/movq/config.json", "decoder/scheduler/scheduler_config.json"])
            #expect(faults.map { $0.found == nil } == [false, true])
            #expect(faults[0].description.hasPrefix(changed.path))
        }
    }
}
