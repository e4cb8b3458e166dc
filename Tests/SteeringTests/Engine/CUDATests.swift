import Foundation
import Pictures
import Tensors
import TestSupport
import Testing

@testable import Diffusion
@testable import Networks
@testable import Steering

extension TorchTests {
    /// What the reference computed on a CPU, computed on a GPU.
    @Suite("CUDA", .enabled(if: Device.cudaCount > 0, "There is no CUDA device."))
    struct CUDATests {
        private let gpu = Device.cuda(0)

        init() {
            Libtorch.useFullFloat32()
        }

        @Test("Each network equals its reference in float32", arguments: ReferencePack.all) func parity(pack: ReferencePack) throws {
            let opened = try Pack(pack.pack)
            func expected(_ name: String) throws -> Tensor { try pack.expected(name).to(device: gpu) }
            func error(_ found: Tensor, _ name: String) throws -> Double { try pack.error(of: found.to(device: .cpu), name) }
            try Tensor.inference {
                let unet = try opened.unet(as: .float32, on: gpu)
                let condition = try unet.condition(expected("image_embeds"))
                let noise = try unet(expected("movq.latents"), timesteps: Tensor.full([1], 500, device: gpu), condition)
                #expect(try error(noise, "unet.output_at_t500") <= 1)
                let picture = try opened.movq(as: .float32, on: gpu).decode(expected("movq.latents"))
                #expect(try error(picture, "movq.reconstruction") <= 1)
                let embedding = try opened.imageTower(as: .float32, on: gpu)(expected("clip.pixel_values"))
                #expect(try error(embedding, "image_embeds") <= 1)
                let autoencoder = try opened.sparseAutoencoder(as: .float32, on: gpu)
                #expect(try error(autoencoder.encode(expected("image_embeds")), "sae.features") <= 1)
                #expect(try error(autoencoder.decode(expected("sae.features"), of: expected("image_embeds")), "sae.reconstruction") <= 1)
            }
        }

        @Test("A picture is the CPU's to within two levels of 255", arguments: ReferencePack.all) func pictures(pack: ReferencePack)
            async throws
        {
            let facts = try pack.facts
            let request = try pack.request(#require(facts.edits["stack"]))
            let expected = try await pack.engine().generate(request, steps: facts.steps, guidance: 1)
            let engine = Engine(threads: 1)
            _ = try await engine.open(pack.pack, device: "cuda", dataType: "float32")
            let found = try await engine.generate(request, steps: facts.steps, guidance: 1)
            #expect(found.width == expected.width && found.height == expected.height)
            #expect(zip(found.pixels, expected.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 2 })
        }

        @Test("A whole session runs in half precision", arguments: ["float16", "bfloat16"]) func halfPrecision(type: String) async throws {
            let pack = ReferencePack.landscape
            let engine = Engine(threads: 1)
            let summary = try await engine.open(pack.pack, device: "cuda", dataType: type)
            #expect(summary.device == "cuda:0" && summary.dataType == type)
            let analysis = try await engine.analyse(pack.picture)
            let request = RenderRequest(
                .picture(analysis.id), stack: EditStack([Change(feature: 3, amount: 2)]), sampling: Sampling(steps: 3))
            let picture = try await engine.render(request, previews: true)
            #expect(picture.width == analysis.picture.width && picture.height == analysis.picture.height)
            #expect(try await engine.render(request) == picture)
        }

        @Test("Noise of a seed is the CPU's") func noise() throws {
            let opened = try Pack(ReferencePack.square.pack)
            let found = try Pipeline(opened, device: gpu, dataType: .float32).noise(seed: 7, height: 64, width: 64)
            let expected = try Pipeline(opened, device: .cpu, dataType: .float32).noise(seed: 7, height: 64, width: 64)
            #expect(found.device == gpu)
            #expect(try found.floats() == expected.floats())
        }

        @Test("auto is the first CUDA device, in float32 for a small pack") func automatic() throws {
            let placement = try Placement(of: Pack(ReferencePack.square.pack))
            #expect(placement.device == gpu && placement.dataType == .float32)
        }
    }

    /// The U-Net as recorded and replayed on a GPU.
    @Suite("CUDA graphs", .enabled(if: CapturedGraph.isSupported(on: .cuda(0)), "There is no CUDA device that can record graphs."))
    struct CUDAGraphTests {
        private let gpu = Device.cuda(0)

        /// The greatest relative error of what is replayed, at several timesteps, for two embeddings and two sizes.
        private func error(_ unet: RecordedUNet, _ embeddings: [Tensor], guidance: Double) throws -> Double {
            let generator = try Generator(seed: 5)
            let sizes = [8, 16].map { [1, unet.unet.configuration.inputChannels, $0, 8] }
            let latents = try sizes.map { try generator.normal($0).to(device: gpu) }
            var greatest = 0.0
            for embedding in embeddings {
                let replayed = try unet.noisePredictor(for: embedding, guidance: guidance, unconditional: embeddings[0])
                for (timestep, x) in [(981, latents[0]), (501, latents[1]), (1, latents[0])] {
                    let expected = try eager(unet.unet, x, timestep, embedding, embeddings[0], guidance)
                    greatest = max(greatest, try relativeError(replayed(x, timestep).to(device: .cpu), expected.to(device: .cpu)))
                }
            }
            return greatest
        }

        private func eager(
            _ unet: UNet, _ latents: Tensor, _ timestep: Int, _ embedding: Tensor, _ empty: Tensor, _ guidance: Double
        ) throws -> Tensor {
            func noise(_ embedding: Tensor) throws -> Tensor {
                try unet(latents, timesteps: Tensor.full([1], Double(timestep), device: gpu), unet.condition(embedding))
                    .narrowed(1, from: 0, length: unet.configuration.inputChannels)
            }
            let without = try noise(empty)
            return guidance == 1 ? try noise(embedding) : try without + (noise(embedding) - without) * guidance
        }

        @Test("A replay equals the plain call", arguments: [(DataType.float32, 1e-5), (.float16, 2e-2), (.bfloat16, 1e-1)], [1.0, 4.0])
        func equality(precision: (type: DataType, tolerance: Double), guidance: Double) throws {
            Libtorch.useFullFloat32()
            let pack = ReferencePack.square
            let unet = RecordedUNet(try Pack(pack.pack).unet(as: precision.type, on: gpu))
            let embedding = try pack.expected("image_embeds").to(device: gpu)
            let greatest = try Tensor.inference { try error(unet, [embedding, embedding * 0.5], guidance: guidance) }
            #expect(greatest <= precision.tolerance)
            #expect(CapturedGraph.failure == nil)
            #expect(unet.recordingCount == 2)
        }

        // A process of its own: after a failure nothing more is recorded.
        @Test("Once recording has failed, pictures are made without it") func fallback() async {
            await #expect(processExitsWith: .success) {
                let x = try Tensor.ones([4], device: .cuda(0))
                _ = try? CapturedGraph([x], on: .cuda(0)) { inputs in try inputs[0] * inputs[0].sum().item() }
                #expect(CapturedGraph.failure != nil)
                let pack = ReferencePack.square
                let facts = try pack.facts
                let request = try pack.request(#require(facts.edits["raise"]))
                let engine = Engine(threads: 1)
                _ = try await engine.open(pack.pack, device: "cuda", dataType: "float32")
                _ = try await engine.generate(request, steps: facts.steps, guidance: 1)
            }
        }
    }
}
