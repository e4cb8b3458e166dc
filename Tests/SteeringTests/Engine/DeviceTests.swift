import Diffusion
import Tensors
import Testing

@testable import Networks
@testable import Steering

extension TorchTests {
    /// What a GPU would have to wait for, seen on the CPU.
    @Suite("Waiting for the host")
    struct DeviceTests {
        @Test("No step of sampling or of its inverse brings a number or asks for one", arguments: ReferencePack.all, [1.0, 4.0])
        func sampling(pack: ReferencePack, guidance: Double) throws {
            try Libtorch.setThreads(1)
            let opened = try Pack(pack.pack)
            let unet = try opened.unet(as: .float32, on: .cpu)
            let latents = try pack.expected("movq.latents")
            let embedding = try pack.expected("image_embeds")
            let ddim = try DDIM(opened.schedule(), steps: 3)
            try Tensor.inference {
                let predictor = try unet.noisePredictor(for: embedding, guidance: guidance, unconditional: embedding)
                let before = Tensor.hostTransfers
                let inverted = try ddim.inverting(latents, with: predictor).finish()
                _ = try ddim.denoising(inverted, with: predictor).finish()
                #expect(Tensor.hostTransfers == before)
            }
        }

        @Test("Sampling in a half type asks once, at its end, whether numbers are finite", arguments: [1.0, 4.0])
        func half(guidance: Double) async throws {
            let engine = Engine(threads: 1)
            _ = try await engine.open(ReferencePack.square.pack, device: "cpu", dataType: "bfloat16")
            #expect(try await engine.hostTransfers(samplingWith: guidance) == 1)
        }
    }
}

extension Engine {
    /// How often sampling the reference's noise brings numbers from the device.
    fileprivate func hostTransfers(samplingWith guidance: Double) async throws -> Int {
        let (pipeline, pack) = (try opened(), ReferencePack.square)
        let (noise, embedding) = (try pack.expected("movq.latents"), try pack.expected("image_embeds"))
        _ = try computing { try pipeline.unconditionalEmbedding() }
        let before = Tensor.hostTransfers
        _ = try await sampled(pipeline, .exclusive) { _ in
            try computing { try pipeline.denoising(noise, embeddings: embedding, steps: 5, guidance: guidance) }
        }
        return Tensor.hostTransfers - before
    }
}
