import Foundation
import Networks
import Pictures
import Tensors
import TestSupport
import Testing

@testable import Networks
@testable import Steering

extension TorchTests {
    /// Each network by itself, on the reference's own inputs.
    @Suite("Each network equals its reference")
    struct NetworkParityTests {
        init() throws {
            try Libtorch.setThreads(1)
        }

        @Test("The U-Net's prediction at timestep 500, noise and variance", arguments: ReferencePack.all)
        func unet(pack: ReferencePack) throws {
            let unet = try Pack(pack.pack).unet(as: .float32, on: .cpu)
            let found = try Tensor.inference {
                try unet(pack.expected("movq.latents"), timesteps: Tensor.full([1], 500), unet.condition(pack.expected("image_embeds")))
            }
            #expect(try pack.error(of: found, "unet.output_at_t500") <= 1)
        }

        @Test("MoVQ's decoder", arguments: ReferencePack.all) func movq(pack: ReferencePack) throws {
            let movq = try Pack(pack.pack).movq(as: .float32, on: .cpu)
            let found = try Tensor.inference { try movq.decode(pack.expected("movq.latents")) }
            #expect(try pack.error(of: found, "movq.reconstruction") <= 1)
        }

        @Test("The image tower, on pixels and on nothing", arguments: ReferencePack.all) func imageTower(pack: ReferencePack) throws {
            let tower = try Pack(pack.pack).imageTower(as: .float32, on: .cpu)
            let pixels = try pack.expected("clip.pixel_values")
            let found = try Tensor.inference { try (tower(pixels), tower(Tensor.zeros(pixels.shape))) }
            #expect(try pack.error(of: found.0, "image_embeds") <= 1)
            #expect(try pack.error(of: found.1, "zero_embeds") <= 1)
        }

        @Test("The sparse autoencoder", arguments: ReferencePack.all) func autoencoder(pack: ReferencePack) throws {
            let autoencoder = try Pack(pack.pack).sparseAutoencoder(as: .float32, on: .cpu)
            #expect(try pack.error(of: autoencoder.encode(pack.expected("image_embeds")), "sae.features") <= 1)
            #expect(
                try pack.error(
                    of: autoencoder.decode(pack.expected("sae.features"), of: pack.expected("image_embeds")), "sae.reconstruction") <= 1)
        }

        @Test("The sparse autoencoder is the same from a .pth as from safetensors", arguments: ReferencePack.all)
        func autoencoderFiles(pack: ReferencePack) throws {
            let folder = try TemporaryFolder()
            let copy = try pack.copy(in: folder)
            try FileManager.default.removeItem(at: copy.appendingPathComponent("sae/model.safetensors"))
            try FileManager.default.copyItem(
                at: pack.folder.appendingPathComponent("sparse_autoencoder.pth"),
                to: copy.appendingPathComponent("sae/sparse_autoencoder.pth"))
            let a = try Pack(pack.pack).sparseAutoencoder(as: .float32, on: .cpu)
            let b = try Pack(copy).sparseAutoencoder(as: .float32, on: .cpu)
            for part in [\SparseAutoencoder.directions, \.norms, \.encoder, \.encoderBias, \.decoderBias] {
                #expect(a[keyPath: part].shape == b[keyPath: part].shape)
                #expect(try a[keyPath: part].floats() == b[keyPath: part].floats())
            }
        }

        @Test("Moving an embedding along directions is decoding the edited features and adding the error back", arguments: [1, 5, 300])
        func moving(count: Int) throws {
            let pack = ReferencePack.landscape
            let autoencoder = try Pack(pack.pack).sparseAutoencoder(as: .float32, on: .cpu)
            let embedding = try pack.expected("image_embeds")
            let features = try autoencoder.encode(embedding)
            let activations = try features.floats()
            var random = SeededGenerator(seed: UInt64(count))
            var stack = EditStack()
            for _ in 0..<count {
                stack.append(feature: .random(in: activations.indices, using: &random), value: .random(in: -3...9, using: &random))
            }
            let moved = try autoencoder.moved(
                embedding,
                by: stack.changes { activations[$0] }.compactMap { change in change.feature.map { (feature: $0, amount: change.amount) } })
            let edited = try Tensor(activations.indices.map { stack.value(of: $0, from: activations[$0]) }, shape: features.shape)
            let expected = try autoencoder.decode(edited, of: embedding) + (embedding - autoencoder.decode(features, of: embedding))
            #expect(try relativeError(moved, expected) <= 1e-5)
        }

        @Test("Noise of a seed is torch.randn's, to the bit", arguments: ReferencePack.all) func noise(pack: ReferencePack) throws {
            let facts = try pack.facts
            let pipeline = try Pipeline(Pack(pack.pack), device: .cpu, dataType: .float32)
            let found = try pipeline.noise(seed: facts.noiseSeed, height: facts.height, width: facts.width)
            #expect(try found.shape == pack.expected("noise").shape)
            #expect(try found.floats() == pack.expected("noise").floats())
        }
    }
}
