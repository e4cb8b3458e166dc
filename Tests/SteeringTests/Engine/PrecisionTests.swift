import Foundation
import Pictures
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Networks
@testable import Steering

extension TorchTests {
    @Suite("Which numbers the networks compute with")
    struct PrecisionTests {
        /// A change to one network's weights that float16 cannot hold or whose results it cannot, while float32 can.
        struct Excess: Sendable, CustomTestStringConvertible {
            let testDescription, part, file: String
            let change: @Sendable (inout [String: Tensor]) throws -> Void

            /// Parameters that become so large that their products do not fit, but they themselves do.
            private static func grown(_ what: String, _ part: String, _ stem: String = "model", _ names: String...) -> Excess {
                Excess(testDescription: what, part: part, file: "\(part)/\(stem).safetensors") { tensors in
                    let found = try names.map { try #require(tensors[$0]) }
                    let largest = try found.flatMap { try $0.floats().map(abs) }.max() ?? 1
                    for (name, tensor) in zip(names, found) { tensors[name] = try tensor * (6e4 / Double(largest)) }
                }
            }

            /// One number that does not fit itself.
            private static func outside(_ what: String, _ part: String, _ stem: String = "model", _ name: String) -> Excess {
                Excess(testDescription: what, part: part, file: "\(part)/\(stem).safetensors") { tensors in
                    let tensor = try #require(tensors[name])
                    let others = try tensor.reshaped([-1]).narrowed(0, from: 0, length: tensor.count - 1)
                    tensors[name] = try Tensor.concatenated([others, Tensor.full([1], 1e6)], dimension: 0).reshaped(tensor.shape)
                }
            }

            // Norms follow, which give the results back their size, or nobody looks at what has grown.
            static let all = [
                grown(
                    "image tower", "prior/image_encoder", "model", "vision_model.embeddings.class_embedding",
                    "vision_model.embeddings.patch_embedding.weight", "vision_model.embeddings.position_embedding.weight"),
                grown("encoding half", "decoder/movq", "diffusion_pytorch_model", "encoder.mid_block.resnets.0.conv1.weight"),
                grown("decoding half", "decoder/movq", "diffusion_pytorch_model", "decoder.mid_block.resnets.0.conv1.weight"),
                grown("U-Net", "decoder/unet", "diffusion_pytorch_model", "mid_block.resnets.0.conv1.weight"),
                outside("weight of the U-Net", "decoder/unet", "diffusion_pytorch_model", "conv_out.bias"),
                grown("activations", "sae", "model", "encoder.weight"),
                grown("directions", "sae", "model", "decoder.weight"),
                outside("weight of the autoencoder", "sae", "model", "dec_bias"),
                grown("text tower", "prior/text_encoder", "model", "text_projection.weight"),
                outside("weight of the text tower", "prior/text_encoder", "model", "text_model.embeddings.token_embedding.weight"),
                grown("prior", "prior/prior", "diffusion_pytorch_model", "proj_to_clip_embeddings.weight"),
            ]
        }

        private let folder: TemporaryFolder
        private let pack: URL

        init() throws {
            folder = try TemporaryFolder()
            pack = try TextReference.pack(in: folder)
        }

        private func apply(_ excess: Excess) throws {
            let url = pack.appendingPathComponent(excess.file)
            let weights = try SafetensorsFile(contentsOf: url)
            var tensors = Dictionary(uniqueKeysWithValues: try weights.names.map { ($0, try weights.tensor($0)) })
            try excess.change(&tensors)
            try SafetensorsWriter.write(tensors.map { (name: $0.key, tensor: $0.value) }, to: url)
        }

        /// What a session makes, and what is said of the numbers that it computes with.
        private func session(_ type: String) async throws -> (pictures: [Picture], activations: [Float], remarks: [String]) {
            let remarks = Mutex<[String]>([])
            let engine = Engine(threads: 1)
            _ = try await engine.open(pack, device: "cpu", dataType: type) { _ in
            } remark: { remark in
                remarks.withLock { $0.append(remark) }
            }
            var pictures: [Picture] = []
            let analysis = try await engine.analyse(ReferencePack.square.picture)
            for sampling in [Sampling(steps: 2), Sampling(steps: 2, guidance: 3), Sampling(steps: 2, inversion: .plain)] {
                let request = RenderRequest(.picture(analysis.id), sampling: sampling)
                pictures += [try await engine.render(request)] + (try await engine.render([request, request]))
            }
            let prompt = RenderRequest(
                .prompt(Prompt("a red circle", seed: 1, steps: 3)), sampling: Sampling(steps: 2, start: .noise(seed: 1)),
                size: .pixels(width: 32, height: 24))
            pictures.append(try await engine.render(prompt))
            let edited = RenderRequest(
                .picture(analysis.id), stack: EditStack([Change(feature: 3, amount: 1e-4)]),
                sampling: Sampling(steps: 2, start: .noise(seed: 3)))
            pictures.append(try await engine.render(edited))
            return (pictures, try await engine.activations(analysis.id), remarks.withLock(\.self))
        }

        @Test("A network that float16 is too small for computes in float32, which is said once", arguments: Excess.all)
        func excess(excess: Excess) async throws {
            try apply(excess)
            let expected = try await session("float32")
            let found = try await session("float16")
            #expect(expected.remarks.isEmpty)
            let remark = "\(excess.part) computes in float32: its numbers are too large for float16."
            #expect(found.remarks.filter { $0 == remark }.count == 1, "\(found.remarks)")
            #expect(Set(found.remarks).count == found.remarks.count)
            #expect(found.pictures.count == expected.pictures.count)
            for (index, (found, expected)) in zip(found.pictures, expected.pictures).enumerated() {
                let difference = zip(found.pixels, expected.pixels).reduce(0.0) { $0 + Double(abs(Int($1.0) - Int($1.1))) }
                let mean = difference / Double(found.pixels.count)
                #expect(mean < 6, "picture \(index): \(mean)")
            }
            let largest = expected.activations.max() ?? 1
            #expect(zip(found.activations, expected.activations).allSatisfy { abs($0 - $1) < largest / 20 })
        }

        @Test("A pack that float16 suits stays in it, and nothing is said") func suitable() async throws {
            #expect(try await session("float16").remarks.isEmpty)
            #expect(try await session("bfloat16").remarks.isEmpty)
        }

        @Test("What float32 makes infinite is an error in every type", arguments: ["float32", "bfloat16", "float16"])
        func infinite(type: String) async throws {
            try apply(
                Excess(testDescription: "", part: "", file: "decoder/unet/diffusion_pytorch_model.safetensors") { tensors in
                    tensors["conv_out.bias"] = try Tensor.full(#require(tensors["conv_out.bias"]).shape, 3e38)
                })
            let engine = Engine(threads: 1)
            _ = try await engine.open(pack, device: "cpu", dataType: type)
            let analysis = try await engine.analyse(ReferencePack.square.picture)
            for inversion in Inversion.allCases {
                let request = RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 4, inversion: inversion))
                for _ in 0..<2 {
                    await #expect(throws: SteeringError.notANumber(stage: "The inverted latents")) { try await engine.render(request) }
                }
            }
        }

        @Test("A weight that is infinite in the file is named in half types too", arguments: ["bfloat16", "float16"])
        func infiniteWeight(type: String) async throws {
            try apply(
                Excess(testDescription: "", part: "", file: "decoder/movq/diffusion_pytorch_model.safetensors") { tensors in
                    tensors["quant_conv.bias"] = try Tensor.full([4], .infinity)
                })
            let message = try await refusal { try await Engine(threads: 1).open(pack, device: "cpu", dataType: type) }
            #expect(message.contains("\"quant_conv.bias\"") && message.contains("movq"))
        }

        @Test("What embeds pictures is not even read where it is not needed") func tower() async throws {
            let whole = ReferencePack.square
            let request = try whole.request(#require(whole.facts.edits["stack"]))
            try apply(
                Excess(testDescription: "", part: "", file: "prior/image_encoder/model.safetensors") { tensors in
                    let name = "visual_projection.weight"
                    tensors[name] = try Tensor.full(#require(tensors[name]).shape, .infinity)
                })
            let engine = Engine(threads: 1)
            #expect(try await refusal { try await engine.open(pack, device: "cpu", dataType: "float32") }.contains("visual_projection"))
            _ = try await engine.open(pack, device: "cpu", dataType: "float32", embedsPictures: false)
            #expect(try await engine.generate(request, steps: 3, guidance: 1) == whole.engine().generate(request, steps: 3, guidance: 1))
            #expect(try await refusal { try await engine.generate(request, steps: 3, guidance: 2) }.contains("visual_projection"))
        }

        @Test("A library is built, and icons are made, where float16 is too small", arguments: Excess.all.prefix(7))
        func library(excess: Excess) async throws {
            try apply(excess)
            let pictures = folder.url.appendingPathComponent("pictures")
            try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
            try ReferencePack.square.picture.write(toPNG: pictures.appendingPathComponent("1.png"))
            try ReferencePack.landscape.picture.write(toPNG: pictures.appendingPathComponent("2.png"))
            let opened = try Pack(pack)
            func build(_ type: String) async throws -> FeatureLibrary {
                let library = try FeatureLibrary(of: opened, at: folder.url.appendingPathComponent("\(type).sqlite"))
                let summary = try await Engine(threads: 1).build(
                    library, of: opened, LibraryBuildRequest(.pictures(pictures)), device: "cpu", dataType: type)
                #expect(summary.embeddings == 2)
                return library
            }
            let (expected, found) = (try await build("float32"), try await build("float16"))
            for feature in 0..<8 {
                let (one, other) = (try #require(try expected.features([feature]).first), try #require(try found.features([feature]).first))
                #expect(abs((one.maximum ?? 0) - (other.maximum ?? 0)) <= abs(one.maximum ?? 0) * 0.05 + 0.05)
            }
            let engine = Engine(threads: 1)
            _ = try await engine.open(pack, device: "cpu", dataType: "float16")
            let icon = try await engine.icon(of: 4, in: found, fallback: ReferencePack.square.picture)
            #expect(icon.pictures.count == icon.activations.count)
        }

        @Test("On a CPU auto takes what was measured to be faster, and float32 unless much is gained") func measured() throws {
            struct Unmeasured: Error {}
            func choice(_ float32: Double, _ bfloat16: Double) throws -> Precision.Choice {
                try Precision.choice("auto", on: .cpu, pace: ProcessorPace(float32: float32, bfloat16: bfloat16))
            }
            #expect(try choice(0.3, 0.1).dataType == .bfloat16 && choice(0.3, 0.1).reason.contains("3.0 times as fast"))
            #expect(try choice(0.3, 0.5).dataType == .float32)
            #expect(try choice(0.3, 0.29).dataType == .float32)
            #expect(try Precision.choice("auto", on: .cpu, pace: { throw Unmeasured() }()).dataType == .float32)
            #expect(
                try Precision.choice("auto", on: .cpu, weights: Precision.smallPack, pace: { throw Unmeasured() }()).dataType == .float32)
            #expect(try Precision.choice("bfloat16", on: .cpu, pace: { throw Unmeasured() }()).dataType == .bfloat16)
        }

        @Test("How fast the processor is is measured once, and again when its file is damaged or says what cannot be") func pace() throws {
            let file = folder.url.appendingPathComponent("cache/processor.json")
            var count = 0
            func known() throws -> ProcessorPace {
                try ProcessorPace.known(in: file) {
                    count += 1
                    return ProcessorPace(float32: 2, bfloat16: Double(count))
                }
            }
            #expect(try known() == known() && count == 1)
            let written = try Data(contentsOf: file)
            for damaged in [
                Data(), written.dropLast(), Data("[1]".utf8),
                Data(String(decoding: written, as: UTF8.self).replacing("2", with: "-2").utf8),
            ] {
                try damaged.write(to: file)
                let before = count
                #expect(try known() == known() && count == before + 1)
            }
            // What another machine with the same home has measured stays.
            let other = ["another": ProcessorPace(float32: 1, bfloat16: 1)]
            try JSONEncoder().encode(other).write(to: file)
            _ = try known()
            let all = try JSONDecoder().decode([String: ProcessorPace].self, from: Data(contentsOf: file))
            #expect(all.count == 2 && all["another"] == other["another"])
        }

        @Test("A step is timed in either type") func timing() throws {
            try Tensor.inference {
                for type in [DataType.float32, .bfloat16] {
                    let seconds = try UNet.secondsOfStep(in: type)
                    #expect(seconds > 0 && seconds.isFinite)
                }
            }
        }

        @Test("auto is float32 for small packs everywhere") func automatic() throws {
            struct Uncounted: Error {}
            let small = Precision.smallPack
            #expect(try Precision.choice("auto", on: .cuda(0), weights: small).dataType == .float32)
            #expect(try Precision.choice("auto", on: .cuda(0), weights: small + 1).dataType == .float16)
            #expect(try Precision.choice("float16", on: .cuda(0), weights: small).dataType == .float16)
            for device in [Device.cpu, .cuda(0)] {
                #expect(try Precision.choice("auto", on: device, weights: small).dataType == .float32)
                #expect(throws: Uncounted.self) { try Precision.choice("auto", on: device, weights: { throw Uncounted() }()) }
            }
        }
    }
}
