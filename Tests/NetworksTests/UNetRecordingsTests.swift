import Tensors
import Testing

@testable import Networks

extension TorchTests {
    @Suite("Recordings of a U-Net")
    struct UNetRecordingsTests {
        private let unet: UNet

        init() throws {
            unet = try UNet(
                UNetConfiguration(
                    channels: [8, 16, 16], layersPerBlock: 1, inputChannels: 4, outputChannels: 8, headWidth: 8, tokenWidth: 4,
                    embeddingWidth: 6, groups: 4, sampleSize: 8), Weights(FreshSource(seed: 1)))
        }

        @Test("A condition that was taken apart, copied and put together predicts the same") func conditions() throws {
            try Tensor.withoutGradients {
                let condition = try unet.condition(Generator(seed: 2).normal([2, 6]))
                let copies = try condition.tensors.map { try $0.cloned() }
                let latents = try Generator(seed: 3).normal([2, 4, 8, 8])
                let time = try Tensor.full([1], 500)
                let expected = try unet(latents, timesteps: time, condition)
                let found = try unet(latents, timesteps: time, UNet.Condition(tensors: copies[...]))
                #expect(try found.floats() == expected.floats())
            }
        }

        @Test("On the CPU nothing is recorded") func onCPU() throws {
            let latents = try Tensor.ones([1, 4, 8, 8])
            let condition = try unet.condition(Tensor.ones([1, 6]))
            let recordings = UNetRecordings()
            #expect(try recordings.prediction(of: unet, latents, at: 1, condition) == nil)
            #expect(recordings.count == 0)
        }

        @Test("A U-Net whose weights change is never recorded") func training() {
            #expect(unet.recordings == nil)
        }
    }
}
