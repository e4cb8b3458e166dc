import Foundation
import Pictures
import Steering
import Tensors
import TestSupport
import Testing

/// A pack of random weights, a picture, and what diffusers and transformers compute with them.
///
/// Made by Tests/Reference/make_parity_fixtures.py (diffusers 0.42.1, transformers 5.23.0).
struct ReferencePack: Sendable, CustomTestStringConvertible {
    static let square = ReferencePack(testDescription: "square")
    /// Its input is larger than what the model works on and no multiple of anything; its files are named as half-precision variants are.
    static let landscape = ReferencePack(testDescription: "landscape")
    /// It has no pack.json.
    static let portrait = ReferencePack(testDescription: "portrait")
    static let all = [square, landscape, portrait]

    let testDescription: String

    /// What the reference was asked to do, and how exact it is.
    struct Facts: Decodable {
        struct Edit: Decodable {
            let indices: [Int]
            let values: [Float]
        }

        let width, height, invertSteps, steps: Int
        let noiseSeed: UInt64
        let guidance: Double
        let edits: [String: Edit]
        /// The relative error of the reference's own float32 result.
        let ownError: [String: Double]
    }

    static var fixtures: URL { Bundle.module.bundleURL.appendingPathComponent("Fixtures") }

    var folder: URL { Self.fixtures.appendingPathComponent(testDescription) }

    var pack: URL { folder.appendingPathComponent("pack") }

    var facts: Facts {
        get throws { try JSONDecoder().decode(Facts.self, from: Data(contentsOf: folder.appendingPathComponent("expected.json"))) }
    }

    var picture: Picture {
        get throws { try Picture(contentsOf: folder.appendingPathComponent("picture.png")) }
    }

    /// What the reference computed under this name.
    func expected(_ name: String) throws -> Tensor {
        try SafetensorsFile(contentsOf: folder.appendingPathComponent("expected.safetensors")).tensor(name)
    }

    /// An engine with this pack open.
    func engine() async throws -> Engine {
        let engine = Engine(threads: 1)
        _ = try await engine.openOnCPU(pack)
        return engine
    }

    /// A copy of the pack that a test may change.
    func copy(in folder: TemporaryFolder) throws -> URL {
        let copy = folder.url.appendingPathComponent(UUID().uuidString)
        try FileManager.default.copyItem(at: pack, to: copy)
        return copy
    }

    /// What `generate` needs to start where the reference started.
    func request(_ edit: Facts.Edit) throws -> GenerateRequest {
        let facts = try facts
        return try RequestFile(
            embeddings: [expected("image_embeds").floats()], latents: [expected("inv_latents").planes()],
            features: edit.indices, values: edit.values, height: facts.height, width: facts.width
        ).request()
    }
}

extension Engine {
    /// Opens a pack where and as the reference computed, whatever else the machine has.
    func openOnCPU(_ pack: URL) throws -> PackSummary { try open(pack, device: "cpu", dataType: "float32") }
}

/// A request as it is written down; tests change it before it is read.
struct RequestFile: Encodable {
    var embeddings: [[Float]]
    var latents: [[[[Float]]]]
    var features: [Int]
    var values: [Float]
    var height, width: Int

    private enum CodingKeys: String, CodingKey {
        case embeddings = "image_embeds"
        case latents = "inv_latents"
        case features = "feature_idx"
        case values = "feature_val"
        case height, width
    }

    func request() throws -> GenerateRequest { try GenerateRequest(data: JSONEncoder().encode(self), name: "request.json") }
}

extension Tensor {
    /// The elements of `[1, channels, height, width]` by channel and row.
    func planes() throws -> [[[Float]]] {
        let values = try floats()
        let (height, width) = (size(2), size(3))
        return (0..<size(1)).map { channel in
            (0..<height).map { row in Array(values[((channel * height + row) * width)...].prefix(width)) }
        }
    }
}
