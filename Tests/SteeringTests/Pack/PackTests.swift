import Foundation
import Tensors
import TestSupport
import Testing

@testable import Steering

extension TorchTests {
    @Suite("Packs")
    struct PackTests {
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
        }

        private func describe(_ json: String) throws -> Pack {
            _ = try folder.file("pack.json", json.utf8)
            return try Pack(folder.url)
        }

        @Test("A folder that is not there, or a file in its place, is no pack") func missing() async throws {
            #expect(try await refusal { try Pack(URL(fileURLWithPath: "/nowhere")) }.hasPrefix("/nowhere: there is no pack"))
            let file = try folder.file("pack", [])
            #expect(throws: SteeringError.packMissing(file.path)) { try Pack(file) }
        }

        @Test(
            "A pack without one of its parts is refused with the part's name",
            arguments: ["prior/image_encoder", "prior/image_processor", "decoder/unet", "decoder/movq", "decoder/scheduler", "sae"])
        func missingPart(part: String) async throws {
            let copy = try ReferencePack.square.copy(in: folder)
            try FileManager.default.removeItem(at: copy.appendingPathComponent(part))
            await #expect(throws: SteeringError.packPartMissing(pack: copy.path, part: part)) {
                try await Engine(threads: 1).openOnCPU(copy)
            }
        }

        @Test("A pack with neither kind of autoencoder file says which it looked for") func missingAutoencoder() async throws {
            let copy = try ReferencePack.square.copy(in: folder)
            try FileManager.default.removeItem(at: copy.appendingPathComponent("sae/model.safetensors"))
            let message = try await refusal { try await Engine(threads: 1).openOnCPU(copy) }
            #expect(message.contains("sae/model.safetensors") && message.contains("sae/*.pth"))
        }

        @Test("Two autoencoders, or two configurations of one, are refused with both names") func severalAutoencoders() async throws {
            let copy = try ReferencePack.square.copy(in: folder)
            let sae = copy.appendingPathComponent("sae")
            let other = sae.appendingPathComponent("sparse_autoencoder.pth")
            try FileManager.default.copyItem(at: ReferencePack.square.folder.appendingPathComponent("sparse_autoencoder.pth"), to: other)
            let message = try await refusal { try await Engine(threads: 1).openOnCPU(copy) }
            #expect(message.hasPrefix(sae.path) && message.contains("model.safetensors and sparse_autoencoder.pth"), "\(message)")
            #expect(try await Engine(threads: 1).report(on: copy).allFaults == [message])
            try FileManager.default.removeItem(at: other)
            for name in ["cfg.json", "config.json"] { try Data("{}".utf8).write(to: sae.appendingPathComponent(name)) }
            #expect(try await refusal { try await Engine(threads: 1).openOnCPU(copy) }.contains("cfg.json and config.json"))
        }

        @Test("A cfg.json beside Fader's own names counts") func foreignConfiguration() async throws {
            let copy = try ReferencePack.square.copy(in: folder)
            let configuration = copy.appendingPathComponent("sae/cfg.json")
            try Data(#"{"architecture": "topk", "k": 3, "apply_b_dec_to_input": false}"#.utf8).write(to: configuration)
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(copy)
            #expect(try await engine.analyse(ReferencePack.square.picture).features.count == 3)
            try Data(#"{"architecture": "gated"}"#.utf8).write(to: configuration)
            #expect(try await refusal { try await engine.openOnCPU(copy) }.contains("\"architecture\""))
        }

        @Test("An autoencoder of another width is refused on opening as it is by a check") func anotherWidth() async throws {
            let copy = try ReferencePack.square.copy(in: folder)
            try SafetensorsWriter.write(
                [
                    ("encoder.weight", try Tensor.ones([3, 7])), ("decoder.weight", try Tensor.ones([7, 3])),
                    ("enc_bias", try Tensor.zeros([3])), ("dec_bias", try Tensor.zeros([7])),
                ].map { (name: $0.0, tensor: $0.1) }, to: copy.appendingPathComponent("sae/model.safetensors"))
            let message = try await refusal { try await Engine(threads: 1).openOnCPU(copy) }
            #expect(message.contains("image embeddings of 24 where sae has 7"), "\(message)")
            #expect(try await Engine(threads: 1).report(on: copy).allFaults == [message])
        }

        @Test(
            "A description that is not one is refused with the file and what is wrong",
            arguments: [
                ("", "not valid JSON"), ("[]", "expected form"), (#"{"steps": "many"}"#, "\"steps\""), (#"{"steps": 0}"#, "\"steps\""),
                (#"{"invertSteps": 1001}"#, "\"invertSteps\""), (#"{"previewSteps": -1}"#, "\"previewSteps\""),
                (#"{"width": 7}"#, "\"width\""),
                (#"{"height": 1000000}"#, "\"height\""), (#"{"width": 1.5}"#, "a number in it"), (#"{"prior": 3}"#, "\"prior\""),
                ("{\"name\": \"a", "not valid JSON"),
            ])
        func unreadableDescription(json: String, problem: String) async throws {
            let message = try await refusal { try describe(json) }
            #expect(message.hasPrefix(folder.url.appendingPathComponent("pack.json").path))
            #expect(message.contains(problem), "\(message)")
        }

        @Test("A pack is called what its description says, or else as its folder") func name() throws {
            #expect(try describe(#"{"name": "Ünlü"}"#).name == "Ünlü")
            #expect(try describe("{}").name == folder.url.lastPathComponent)
        }

        @Test("Parts may lie elsewhere, by a path from the pack, by an absolute one, or behind a link") func redirection() async throws {
            let original = ReferencePack.square.pack
            let copy = try ReferencePack.square.copy(in: folder)
            let pack = folder.url.appendingPathComponent("redirected")
            try FileManager.default.createDirectory(at: pack, withIntermediateDirectories: true)
            let description = ["prior": "../\(copy.lastPathComponent)/prior", "decoder": original.appendingPathComponent("decoder").path]
            try JSONEncoder().encode(description).write(to: pack.appendingPathComponent("pack.json"))
            try FileManager.default.createSymbolicLink(
                at: pack.appendingPathComponent("sae"), withDestinationURL: copy.appendingPathComponent("sae"))
            let engine = Engine(threads: 1)
            let summary = try await engine.openOnCPU(pack)
            #expect(summary.name == "redirected" && summary.featureCount == 64)
            #expect(try await engine.openOnCPU(original).fingerprint == summary.fingerprint)
        }

        @Test("A redirection to nowhere names the part") func redirectionToNowhere() async throws {
            let copy = try ReferencePack.square.copy(in: folder)
            try Data(#"{"decoder": "nowhere"}"#.utf8).write(to: copy.appendingPathComponent("pack.json"))
            let message = try await refusal { try await Engine(threads: 1).openOnCPU(copy) }
            #expect(message.contains("decoder/scheduler"))
        }

        /// What tells the pack in this folder from others.
        private func fingerprint(_ folder: URL) throws -> String { try Pack(folder).fingerprint() }

        @Test("The fingerprint is of what a pack computes with, not of how its files look") func fingerprint() throws {
            let copy = try ReferencePack.square.copy(in: folder)
            let before = try fingerprint(copy)
            #expect(before.count == 64)
            #expect(try fingerprint(ReferencePack.square.pack) == before)
            let sae = copy.appendingPathComponent("sae")
            try Data("notes".utf8).write(to: sae.appendingPathComponent("README.md"))
            try Data().write(to: copy.appendingPathComponent("decoder/unet/.DS_Store"))
            let config = copy.appendingPathComponent("decoder/unet/config.json")
            try (Data(contentsOf: config) + Data("\n".utf8)).write(to: config)
            #expect(try fingerprint(copy) == before)
            // The same weights in another format.
            try FileManager.default.removeItem(at: sae.appendingPathComponent("model.safetensors"))
            try FileManager.default.copyItem(
                at: ReferencePack.square.folder.appendingPathComponent("sparse_autoencoder.pth"), to: sae.appendingPathComponent("sae.pth"))
            #expect(try fingerprint(copy) == before)
            let texts = try TextReference.pack(in: folder)
            #expect(try fingerprint(texts) != before)
        }

        @Test("The fingerprint changes with one number of one tensor, and with an option") func changedContents() throws {
            let before = try fingerprint(ReferencePack.square.pack)
            let copy = try ReferencePack.square.copy(in: folder)
            let url = copy.appendingPathComponent("sae/model.safetensors")
            var bytes = try Data(contentsOf: url)
            bytes[bytes.count - 1] ^= 1
            try bytes.write(to: url)
            let retrained = try fingerprint(copy)
            #expect(retrained != before)
            try Data(#"{"activation": "topk", "k": 8}"#.utf8).write(to: copy.appendingPathComponent("sae/config.json"))
            #expect(try ![before, retrained].contains(fingerprint(copy)))
        }

        @Test("A digest is kept while its file stays as it is, and computed again when it changes") func contentCache() throws {
            let cache = ContentCache(environment: ["XDG_CACHE_HOME": folder.url.path], leastBytes: 0)
            let url = folder.url.appendingPathComponent("a.safetensors")
            try SafetensorsWriter.write([(name: "a", tensor: try Tensor.ones([3]))], to: url)
            let kept = folder.url.appendingPathComponent("fader/contents")
            let digest = try cache.digest(of: SafetensorsFile(contentsOf: url))
            // A file of a moment ago may change without its time telling.
            #expect(!FileManager.default.fileExists(atPath: kept.path))
            let old = Date(timeIntervalSinceNow: -100)
            try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: url.path)
            #expect(try cache.digest(of: SafetensorsFile(contentsOf: url)) == digest)
            let entry = kept.appendingPathComponent(try #require(try FileManager.default.contentsOfDirectory(atPath: kept.path).first))
            let text = try String(contentsOf: entry, encoding: .utf8)
            try Data(text.replacingOccurrences(of: digest, with: "remembered").utf8).write(to: entry)
            #expect(try cache.digest(of: SafetensorsFile(contentsOf: url)) == "remembered")
            try Data("{".utf8).write(to: entry)
            #expect(try cache.digest(of: SafetensorsFile(contentsOf: url)) == digest)
            try SafetensorsWriter.write([(name: "a", tensor: try Tensor.full([3], 2))], to: url)
            #expect(try cache.digest(of: SafetensorsFile(contentsOf: url)) != digest)
        }

        @Test("Where no digest can be kept, it is computed each time", arguments: ["/dev/null", "relative"]) func noCache(place: String)
            throws
        {
            let url = folder.url.appendingPathComponent("a.safetensors")
            try SafetensorsWriter.write([(name: "a", tensor: try Tensor.ones([3]))], to: url)
            try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -100)], ofItemAtPath: url.path)
            let digests = try [place, place, folder.url.path].map {
                try ContentCache(environment: ["XDG_CACHE_HOME": $0], leastBytes: 0).digest(of: SafetensorsFile(contentsOf: url))
            }
            #expect(Set(digests).count == 1)
        }

        @Test("A recipe from before fingerprints went by contents is still the pack's") func formerFingerprint() async throws {
            let summary = try await Engine(threads: 1).openOnCPU(ReferencePack.square.pack)
            let former = try #require(summary.formerFingerprint)
            #expect(former != summary.fingerprint)
            #expect(summary.isMeant(by: .init(name: "x", fingerprint: former)))
            #expect(summary.isMeant(by: .init(name: "x", fingerprint: summary.fingerprint)))
            #expect(!summary.isMeant(by: .init(name: "x", fingerprint: "ab12")))
        }

        @Test("A picture's reconstruction is known, and a foreign autoencoder is told by it") func reconstruction() async throws {
            let demo = Reconstruction(cosine: 0.98, explained: 0.96, activeCount: 17)
            #expect(!demo.isPoor && Reconstruction(cosine: 0.3, explained: -2, activeCount: 900).isPoor)
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(ReferencePack.square.pack)
            let analysis = try await engine.analyse(ReferencePack.square.picture)
            let found = try #require(analysis.reconstruction)
            #expect(found.activeCount == analysis.features.count)
            let embedding = try ReferencePack.square.expected("image_embeds").floats()
            let restored = try ReferencePack.square.expected("sae.reconstruction").floats()
            func variance(_ values: [Float]) -> Float {
                let mean = values.reduce(0, +) / Float(values.count)
                return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            }
            let explained = 1 - variance(zip(embedding, restored).map { $0 - $1 }) / variance(embedding)
            #expect(abs(found.explained - explained) <= 1e-3 * max(1, abs(explained)))
            #expect(found.isPoor == (explained < 0.5))
        }

        @Test("A part may be the root of a repository in a hub's cache, and paths may begin with ~") func hubCache() async throws {
            let root = folder.url.appendingPathComponent("models--org--name")
            let copy = try ReferencePack.square.copy(in: folder)
            let snapshot = root.appendingPathComponent("snapshots/0123abcd")
            try FileManager.default.createDirectory(at: snapshot.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.moveItem(at: copy.appendingPathComponent("decoder"), to: snapshot)
            let refs = root.appendingPathComponent("refs")
            try FileManager.default.createDirectory(at: refs, withIntermediateDirectories: true)
            try Data("0123abcd\n".utf8).write(to: refs.appendingPathComponent("main"))
            try JSONEncoder().encode(["decoder": root.path]).write(to: copy.appendingPathComponent("pack.json"))
            #expect(try await Engine(threads: 1).openOnCPU(copy).featureCount == 64)
            for wrong in ["../../..", "4567", ""] {
                try Data(wrong.utf8).write(to: refs.appendingPathComponent("main"))
                let message = try await refusal { try await Engine(threads: 1).openOnCPU(copy) }
                #expect(message.hasPrefix(root.path) && message.contains("refs/main"), "\(message)")
            }
            try FileManager.default.removeItem(at: refs)
            #expect(try await Engine(threads: 1).openOnCPU(copy).featureCount == 64)
            let home = try #require(ProcessInfo.processInfo.environment["HOME"])
            #expect("~/packs".expandingHome == home + "/packs" && "a~/b".expandingHome == "a~/b")
        }

        @Test("A part behind a link that leads nowhere is named with the link") func danglingPart() async throws {
            let copy = try ReferencePack.square.copy(in: folder)
            let part = copy.appendingPathComponent("decoder")
            try FileManager.default.removeItem(at: part)
            try FileManager.default.createSymbolicLink(atPath: part.path, withDestinationPath: "../gone")
            let message = try await refusal { try await Engine(threads: 1).openOnCPU(copy) }
            #expect(message.contains(part.path) && message.contains("../gone"), "\(message)")
        }

        @Test("The pack that is used when none is named") func defaultFolder() throws {
            let program = folder.url.appendingPathComponent("build/debug/fader")
            #expect(try Pack.defaultFolder(environment: ["FADER_PACK": "/packs/mine"], program: program).path == "/packs/mine")
            let error = try #require(throws: SteeringError.self) {
                try Pack.defaultFolder(environment: ["XDG_DATA_DIRS": "/nowhere/shared"], program: program)
            }
            #expect("\(error)".contains("build/debug/assets/demo") && "\(error)".contains("/nowhere/shared/fader/demo"), "\(error)")
            let shared = folder.url.appendingPathComponent("shared/fader/demo")
            try FileManager.default.createDirectory(at: shared, withIntermediateDirectories: true)
            let variables = ["XDG_DATA_DIRS": "/nowhere:\(folder.url.path)/shared"]
            #expect(try Pack.defaultFolder(environment: variables, program: program).path == shared.path)
            let demo = folder.url.appendingPathComponent("assets/demo")
            try FileManager.default.createDirectory(at: demo, withIntermediateDirectories: true)
            let found = try Pack.defaultFolder(environment: variables.merging(["FADER_PACK": ""]) { $1 }, program: program)
            #expect(found.resolvingSymlinksInPath().path == demo.resolvingSymlinksInPath().path)
        }

        @Test("Labels come from the pack's library, which is refused when it is none") func library() async throws {
            let copy = try ReferencePack.square.copy(in: folder)
            let library = copy.appendingPathComponent("features.json")
            try Data(#"{"version": 1, "features": [{"index": 48, "label": "sunset", "maximum": 30}]}"#.utf8).write(to: library)
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(copy)
            let analysis = try await engine.analyse(ReferencePack.square.picture)
            let labelled = analysis.features.filter { $0.label != nil }
            #expect(labelled.map(\.index) == [48] && labelled.map(\.label) == ["sunset"] && labelled.map(\.maximum) == [30])
            for json in [#"{"version": 2, "features": []}"#, "{}", "", #"{"version": 1, "features": [{"label": "x"}]}"#] {
                try Data(json.utf8).write(to: library)
                #expect(try await refusal { try await engine.openOnCPU(copy) }.hasPrefix(library.path))
            }
        }
    }
}
