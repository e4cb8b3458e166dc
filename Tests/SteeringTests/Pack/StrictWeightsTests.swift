import Foundation
import Networks
import Pictures
import Tensors
import TestSupport
import Testing

@testable import Steering

extension TorchTests {
    @Suite("Weights are read strictly")
    struct StrictWeightsTests {
        /// A file of weights and a parameter in it.
        struct Place: Sendable, CustomTestStringConvertible {
            let file, key: String
            let shape: [Int]

            var testDescription: String { file }

            static let all = [
                Place(file: "prior/image_encoder/model.safetensors", key: "visual_projection.weight", shape: [24, 32]),
                Place(file: "decoder/unet/diffusion_pytorch_model.safetensors", key: "conv_in.weight", shape: [8, 4, 3, 3]),
                Place(file: "decoder/movq/diffusion_pytorch_model.safetensors", key: "quant_conv.bias", shape: [4]),
                Place(file: "sae/model.safetensors", key: "dec_bias", shape: [24]),
            ]
        }

        private let pack: URL
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            pack = try ReferencePack.square.copy(in: folder)
        }

        /// Writes a file of the pack anew after changing its tensors.
        private func rewrite(_ file: String, _ change: (inout [String: Tensor]) throws -> Void) throws {
            let url = pack.appendingPathComponent(file)
            let weights = try SafetensorsFile(contentsOf: url)
            var tensors = Dictionary(uniqueKeysWithValues: try weights.names.map { ($0, try weights.tensor($0)) })
            try change(&tensors)
            try SafetensorsWriter.write(tensors.map { (name: $0.key, tensor: $0.value) }, to: url)
        }

        private func open() async throws { _ = try await Engine(threads: 1).openOnCPU(pack) }

        @Test("A missing parameter is named, with its shape", arguments: Place.all) func missing(place: Place) async throws {
            try rewrite(place.file) { $0[place.key] = nil }
            let file = pack.appendingPathComponent(place.file).path
            await #expect(throws: NetworkError.missingParameter(file: file, name: place.key, shape: place.shape)) { try await open() }
        }

        @Test("A parameter that the network has no place for is named", arguments: Place.all) func extra(place: Place) async throws {
            try rewrite(place.file) { $0["extra.weight"] = try Tensor.ones([2]) }
            let file = pack.appendingPathComponent(place.file).path
            await #expect(throws: NetworkError.unknownParameters(file: file, names: ["extra.weight"])) { try await open() }
        }

        @Test("A parameter of another shape is named, with what was found and expected", arguments: Place.all)
        func misshapen(place: Place) async throws {
            var found = place.shape
            found[0] += 1
            try rewrite(place.file) { $0[place.key] = try Tensor.ones(found) }
            let error = NetworkError.misshapenParameter(
                file: pack.appendingPathComponent(place.file).path, name: place.key, found: found, expected: place.shape)
            await #expect(throws: error) { try await open() }
        }

        @Test("Whole numbers in place of weights are refused", arguments: Place.all) func wrongType(place: Place) async throws {
            try rewrite(place.file) { $0[place.key] = try Tensor.ones(place.shape, type: .int32) }
            let message = try await refusal { try await open() }
            #expect(message.contains(place.file) && message.contains(place.key) && message.contains("int32"))
        }

        @Test("An autoencoder whose encoder is missing or no matrix is refused", arguments: [nil, [64], [64, 24, 1]] as [[Int]?])
        func encoder(shape: [Int]?) async throws {
            try rewrite("sae/model.safetensors") { $0["encoder.weight"] = try shape.map { try Tensor.ones($0) } }
            let message = try await refusal { try await open() }
            #expect(message.contains("sae/model.safetensors") && message.contains("\"encoder.weight\""))
        }

        @Test("A folder without weights says which names were looked for") func noWeights() async throws {
            try FileManager.default.removeItem(at: pack.appendingPathComponent("decoder/unet/diffusion_pytorch_model.safetensors"))
            let message = try await refusal { try await open() }
            #expect(message.contains("decoder/unet") && message.contains("diffusion_pytorch_model.safetensors"))
        }

        @Test("A file that is cut off is refused") func truncated() async throws {
            let url = pack.appendingPathComponent("decoder/unet/diffusion_pytorch_model.safetensors")
            let content = try Data(contentsOf: url)
            try content.prefix(content.count / 2).write(to: url)
            #expect(try await refusal { try await open() }.contains("diffusion_pytorch_model.safetensors"))
        }

        @Test(
            "A weight that is not a number is refused with its file and its key", arguments: [Double.nan, .infinity],
            [
                ("prior/image_encoder/model", "visual_projection.weight"),
                ("decoder/movq/diffusion_pytorch_model", "encoder.conv_out.bias"),
                ("decoder/unet/diffusion_pytorch_model", "conv_out.bias"), ("sae/model", "encoder.weight"),
            ])
        func notANumber(value: Double, place: (stem: String, key: String)) async throws {
            try rewrite("\(place.stem).safetensors") { tensors in
                let shape = try #require(tensors[place.key]).shape
                let spoilt = try Tensor.full([1], value)
                let others = try Tensor.zeros([shape.reduce(1, *) - 1])
                tensors[place.key] = try Tensor.concatenated([others, spoilt], dimension: 0).reshaped(shape)
            }
            let file = pack.appendingPathComponent("\(place.stem).safetensors").path
            await #expect(throws: NetworkError.notFinite(file: file, name: place.key)) { try await Engine(threads: 1).openOnCPU(pack) }
        }

        @Test("What finite weights make infinite is reported with its stage, not rendered") func overflow() async throws {
            try rewrite("decoder/unet/diffusion_pytorch_model.safetensors") { tensors in
                let shape = try #require(tensors["conv_out.bias"]).shape
                tensors["conv_out.bias"] = try Tensor.full(shape, 3e38)
            }
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(pack)
            let analysis = try await engine.analyse(ReferencePack.square.picture)
            for inversion in Inversion.allCases {
                let sampling = Sampling(steps: 4, inversion: inversion)
                await #expect(throws: SteeringError.notANumber(stage: "The inverted latents")) {
                    try await engine.render(RenderRequest(.picture(analysis.id), sampling: sampling))
                }
            }
        }
    }
}
