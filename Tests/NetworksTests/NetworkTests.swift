import Tensors
import Testing

@testable import Networks

extension TorchTests {
    /// Small networks with new weights.
    @Suite("Networks")
    struct NetworkTests {
        private let unet: UNet
        private let movq: MoVQ
        private let tower: ImageTower

        init() throws {
            try Libtorch.setThreads(1)
            unet = try UNet(
                UNetConfiguration(
                    channels: [8, 16], layersPerBlock: 1, inputChannels: 4, outputChannels: 8, headWidth: 8, tokenWidth: 4,
                    embeddingWidth: 6,
                    groups: 4, sampleSize: 8), Weights(FreshSource(seed: 1)))
            movq = try MoVQ(
                MoVQConfiguration(channels: [32, 32], layersPerBlock: 1, latentChannels: 4, codebookSize: 8, attention: [false, true]),
                Weights(FreshSource(seed: 2)))
            tower = try ImageTower(
                ImageTowerConfiguration(imageSize: 8, patchSize: 4, width: 8, hidden: 16, layers: 1, heads: 2, projection: 6),
                Weights(FreshSource(seed: 3)))
        }

        @Test("A picture of a batch comes out as it would alone") func batches() throws {
            try Tensor.withoutGradients {
                let pictures = try Generator(seed: 5).normal([2, 3, 8, 12])
                let together = try movq.decode(movq.encode(pictures))
                let second = try pictures.narrowed(0, from: 1, length: 1)
                let alone = try movq.decode(movq.encode(second))
                #expect(together.shape == pictures.shape)
                #expect(try (together.narrowed(0, from: 1, length: 1) - alone).magnitude().largest().item() < 1e-5)
            }
        }

        /// New weights, none of them 0, that networks may arrange as they like.
        private final class Fixed: ParameterSource {
            let weightsMayChange = false
            let isForGPU: Bool
            private let fresh: FreshSource

            init(isForGPU: Bool) throws {
                self.isForGPU = isForGPU
                fresh = try FreshSource(seed: 7)
            }

            func contains(_ name: String) -> Bool { fresh.contains(name) }

            func parameter(_ name: String, shape: [Int], initially: Initialisation, channelsLast: Bool) throws -> Tensor {
                let value = try fresh.parameter(name, shape: shape, initially: initially, channelsLast: channelsLast)
                guard shape.count == 1 else { return value }
                let seed = name.utf8.reduce(UInt64(1)) { $0 &* 31 &+ UInt64($1) } >> 8
                return try value + Generator(seed: seed).normal(shape) * 0.1
            }
        }

        @Test("Networks arranged as GPUs like it compute the same") func arrangements() throws {
            try Tensor.withoutGradients {
                func computed(isForGPU: Bool) throws -> [Tensor] {
                    let weights = { Weights(try Fixed(isForGPU: isForGPU)) }
                    let unet = try UNet(self.unet.configuration, weights())
                    let movq = try MoVQ(self.movq.configuration, weights())
                    let (latents, embeddings) = (try Generator(seed: 5).normal([2, 4, 8, 8]), try Generator(seed: 6).normal([2, 6]))
                    let noise = try unet(latents, timesteps: Tensor.full([1], 500), unet.condition(embeddings))
                    return [noise, try movq.decode(latents), try movq.encode(Generator(seed: 8).normal([1, 3, 8, 12]))]
                }
                for (found, expected) in zip(try computed(isForGPU: true), try computed(isForGPU: false)) {
                    #expect(found.shape == expected.shape)
                    #expect(try (found - expected).norm().item() < 1e-5 * expected.norm().item())
                }
            }
        }

        @Test("What a network cannot take is refused, and the message says what it takes") func inputs() throws {
            func message(_ body: () throws -> Tensor) throws -> String {
                try #require(#expect(throws: NetworkError.self) { _ = try body() }).description
            }
            let condition = try unet.condition(Tensor.ones([1, 6]))
            let time = try Tensor.full([1], 1)
            #expect(try message { try unet(Tensor.ones([1, 4, 3, 4]), timesteps: time, condition) }.contains("[1, 4, 3, 4]"))
            #expect(try message { try unet(Tensor.ones([1, 9, 4, 4]), timesteps: time, condition) }.contains("4 channels"))
            #expect(try message { try unet(Tensor.ones([4, 4]), timesteps: time, condition) }.contains("[4, 4]"))
            #expect(throws: NetworkError.unsuitableInput("The U-Net takes image embeddings of 6 numbers, not [1, 7].")) {
                try unet.condition(Tensor.ones([1, 7]))
            }
            #expect(try message { try movq.encode(Tensor.ones([1, 3, 7, 8])) }.contains("that 2 divides"))
            #expect(try message { try movq.encode(Tensor.ones([1, 1, 8, 8])) }.contains("[1, 1, 8, 8]"))
            #expect(try message { try movq.decode(Tensor.ones([1, 3, 4, 4])) }.contains("4 channels"))
            #expect(try message { try tower(Tensor.ones([1, 3, 9, 8])) }.contains("8 × 8"))
        }

        @Test("Channels that the groups do not divide are refused") func groups() {
            let error = NetworkError.unsuitableInput("8 channels at norm cannot be divided into 3 groups.")
            #expect(throws: error) { try GroupNorm(Weights(FreshSource(seed: 1))["norm"], channels: 8, groups: 3, epsilon: 1e-5) }
        }

        @Test("A seed gives the same network, another seed another") func seeds() throws {
            func weights(_ seed: UInt64) throws -> [Float] {
                let source = try FreshSource(seed: seed)
                _ = try Linear(Weights(source), from: 3, to: 5)
                return try source.parameters.flatMap { try $0.tensor.floats() }
            }
            #expect(try weights(1) == weights(1))
            #expect(try weights(1) != weights(2))
            #expect(try weights(1).count == 20)
        }

        @Test("Pixels are scaled to [0, 1], then normalised per channel") func pixels() throws {
            let format = PixelNormalisation(side: 1, mean: [0.5, 0, 1], deviation: [0.5, 1, 2])
            let bytes = try Tensor([255, 51, 0] as [UInt8], shape: [1, 3, 1, 1])
            #expect(try format(bytes).floats() == [1, 0.2, -0.5])
        }

        @Test("A picture's pixels become tokens and pixels again, row by row") func tokens() throws {
            let x = try Tensor.range(24).reshaped([1, 2, 3, 4])
            let tokens = try x.pixelsAsTokens()
            #expect(tokens.shape == [1, 12, 2])
            #expect(try tokens.narrowed(1, from: 1, length: 1).floats() == [1, 13])
            #expect(try tokens.tokensAsPixels(height: 3, width: 4).floats() == x.floats())
            #expect(try tokens.splitHeads(2).joinHeads().floats() == tokens.floats())
        }
    }
}
