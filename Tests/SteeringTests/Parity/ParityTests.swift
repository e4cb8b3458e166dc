import Foundation
import Pictures
import Steering
import Tensors
import TestSupport
import Testing

extension TorchTests {
    /// The whole path of a picture, through the engine, against the reference.
    @Suite("The engine's numbers equal those of diffusers and transformers")
    struct ParityTests {
        private let folder: TemporaryFolder
        private let tensors: URL

        init() throws {
            folder = try TemporaryFolder()
            tensors = folder.url.appendingPathComponent("tensors.safetensors")
        }

        @Test("A picture's embedding, features, latents and the noise that they invert to", arguments: ReferencePack.all)
        func preprocess(pack: ReferencePack) async throws {
            let facts = try pack.facts
            let numbers = try await pack.engine().preprocess(pack.picture, features: 3, invertSteps: facts.invertSteps, tensors: tensors)
            #expect(numbers.width == facts.width && numbers.height == facts.height)
            let found = try SafetensorsFile(contentsOf: tensors)
            let names = [
                "clip.pixel_values", "image_embeds", "inv_latents", "movq.latents", "movq.reconstruction", "sae.features",
                "sae.reconstruction", "zero_embeds",
            ]
            #expect(found.names.sorted() == names)
            for name in names {
                let error = try pack.error(of: found.tensor(name), name)
                #expect(error <= 1, "\(name) is \(error) times what is allowed")
            }
            #expect(try numbers.embeddings == [found.tensor("image_embeds").floats()])
            #expect(try numbers.latents == [found.tensor("inv_latents").planes()])
            let features = try pack.expected("sae.features").floats()
            let strongest = features.indices.sorted { features[$0] > features[$1] }.prefix(3)
            #expect(numbers.features.map(\.idx) == Array(strongest))
        }

        @Test("Edited embeddings and the pictures made from them, with guidance and without", arguments: ReferencePack.all)
        func generate(pack: ReferencePack) async throws {
            let facts = try pack.facts
            let engine = try await pack.engine()
            for (name, edit) in facts.edits {
                for (guidance, image) in [(1, "edit.\(name).image"), (facts.guidance, "edit.\(name).image.guided")]
                where facts.ownError[image] != nil {
                    let picture = try await engine.generate(pack.request(edit), steps: facts.steps, guidance: guidance, tensors: tensors)
                    let found = try SafetensorsFile(contentsOf: tensors)
                    let embeddingError = try pack.error(of: found.tensor("embeds"), "edit.\(name).embeds")
                    #expect(embeddingError <= 1, "the embedding of \(name) is \(embeddingError) times what is allowed")
                    let imageError = try pack.error(of: found.tensor("image"), image)
                    #expect(imageError <= 1, "\(image) is \(imageError) times what is allowed")
                    #expect(try picture.levels(from: pack.expected(image)) <= 1, "\(image)")
                }
            }
        }

        @Test("A picture from noise equals the reference's from torch.randn with that seed, and comes out the same twice")
        func noiseStart() async throws {
            let pack = ReferencePack.square
            let facts = try pack.facts
            let engine = try await pack.engine()
            let analysis = try await engine.analyse(pack.picture)
            let sampling = Sampling(steps: facts.steps, start: .noise(seed: facts.noiseSeed))
            let request = RenderRequest(.picture(analysis.id), sampling: sampling)
            let picture = try await engine.render(request)
            #expect(try picture.levels(from: pack.expected("noise.image")) <= 1)
            #expect(try await engine.render(request) == picture)
        }

        @Test("In half precision a picture is nearly the same", arguments: ["bfloat16", "float16"]) func halfPrecision(type: String)
            async throws
        {
            let pack = ReferencePack.square
            let facts = try pack.facts
            let engine = Engine(threads: 1)
            let summary = try await engine.open(pack.pack, device: "cpu", dataType: type)
            #expect(summary.dataType == type)
            let request = try pack.request(#require(facts.edits["raise"]))
            _ = try await engine.generate(request, steps: facts.steps, guidance: 1, tensors: tensors)
            let image = try SafetensorsFile(contentsOf: tensors).tensor("image")
            let error = try relativeError(image, pack.expected("edit.raise.image"))
            #expect(error > 1e-6 && error < 0.05, "\(error)")
        }

        @Test("Rendering makes the picture that generating makes from the same edits", arguments: [1, 3.5])
        func renderEqualsGenerate(guidance: Double) async throws {
            let pack = ReferencePack.landscape
            let facts = try pack.facts
            let edit = try #require(facts.edits["stack"])
            let engine = try await pack.engine()
            let numbers = try await engine.preprocess(pack.picture, features: 1, invertSteps: facts.invertSteps)
            let request = try RequestFile(
                embeddings: numbers.embeddings, latents: numbers.latents, features: edit.indices, values: edit.values,
                height: numbers.height, width: numbers.width
            ).request()
            let generated = try await engine.generate(request, steps: facts.steps, guidance: guidance)

            let analysis = try await engine.analyse(pack.picture)
            var stack = EditStack()
            for (feature, value) in zip(edit.indices, edit.values) { stack.append(feature: feature, value: value) }
            let rendered = try await engine.render(
                RenderRequest(
                    .picture(analysis.id), stack: stack,
                    sampling: Sampling(steps: facts.steps, guidance: guidance, inversion: .plain)))
            #expect(rendered == generated)
        }
    }
}
