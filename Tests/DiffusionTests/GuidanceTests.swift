import Networks
import Tensors
import Testing

@testable import Diffusion

extension TorchTests {
    @Suite("Predicting noise")
    struct GuidanceTests {
        private let unet: UNet

        init() throws {
            try Libtorch.setThreads(1)
            unet = try UNet(.small, Weights(FreshSource(seed: 1)))
        }

        @Test("Guidance exaggerates the difference to the prediction for no picture, in one batch of two") func guidance() throws {
            try Tensor.withoutGradients {
                let generator = try Generator(seed: 4)
                let latents = try generator.normal([1, 4, 8, 8])
                let (embedding, empty) = (try generator.normal([1, 6]), try generator.normal([1, 6]))
                let with = try unet.noisePredictor(for: embedding)(latents, 500)
                let without = try unet.noisePredictor(for: empty)(latents, 500)
                #expect(with.shape == latents.shape)
                let expected = try without + (with - without) * 4
                let found = try unet.noisePredictor(for: embedding, guidance: 4, unconditional: empty)(latents, 500)
                #expect(try (found - expected).norm().item() < 1e-5 * expected.norm().item())
                #expect(try (found - with).norm().item() > 1e-3 * with.norm().item())
            }
        }

        @Test("The prediction depends on the timestep and on the embedding") func conditioning() throws {
            try Tensor.withoutGradients {
                let latents = try Generator(seed: 4).normal([1, 4, 8, 8])
                let (a, b) = (try Tensor.ones([1, 6]), try Tensor.range(6).reshaped([1, 6]))
                let first = try unet.noisePredictor(for: a)(latents, 500).floats()
                #expect(try unet.noisePredictor(for: a)(latents, 501).floats() != first)
                #expect(try unet.noisePredictor(for: b)(latents, 500).floats() != first)
            }
        }

        @Test("Guidance without the embedding that it leads away from is refused") func unconditional() {
            #expect(throws: NetworkError.unsuitableInput("Guidance needs the unconditional embedding.")) {
                try unet.noisePredictor(for: Tensor.ones([1, 6]), guidance: 2)
            }
        }
    }

    @Suite("A recorded U-Net")
    struct RecordedUNetTests {
        private let unet: UNet

        init() throws {
            unet = try UNet(.small, Weights(FreshSource(seed: 1)))
        }

        @Test("A condition that was taken apart, copied and put together predicts the same") func conditions() throws {
            try Tensor.withoutGradients {
                let condition = try unet.condition(Generator(seed: 2).normal([2, 6]))
                let copies = try condition.tensors.map { try $0.cloned() }
                let latents = try Generator(seed: 3).normal([2, 4, 8, 8])
                let time = try Tensor.full([1], 500)
                let expected = try unet(latents, timesteps: time, condition)
                let copy = UNet.Condition(tensors: copies[...])
                #expect(try unet(latents, timesteps: time, copy).floats() == expected.floats())
                #expect(condition.isSame(as: condition) && !condition.isSame(as: copy))
            }
        }

        @Test("On the CPU nothing is recorded, and it predicts what the network does", arguments: [1.0, 3.0])
        func onCPU(guidance: Double) throws {
            try Tensor.withoutGradients {
                let recorded = RecordedUNet(unet)
                let generator = try Generator(seed: 4)
                let (latents, embedding) = (try generator.normal([1, 4, 8, 8]), try generator.normal([1, 6]))
                let found = try recorded.noisePredictor(for: embedding, guidance: guidance, unconditional: embedding * 2)(latents, 9)
                let expected = try unet.noisePredictor(for: embedding, guidance: guidance, unconditional: embedding * 2)(latents, 9)
                #expect(try found.floats() == expected.floats())
                #expect(recorded.recordingCount == 0)
            }
        }
    }
}

extension UNetConfiguration {
    fileprivate static let small = UNetConfiguration(
        channels: [8, 16, 16], layersPerBlock: 1, inputChannels: 4, outputChannels: 8, headWidth: 8, tokenWidth: 4, embeddingWidth: 6,
        groups: 4, sampleSize: 8)
}
