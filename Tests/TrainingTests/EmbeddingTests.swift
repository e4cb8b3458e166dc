import Foundation
import Networks
import Tensors
import Testing

@testable import Training

@Suite("Embeddings from a file", .serialized) struct EmbeddingTests {
    init() throws { try Libtorch.setThreads(1) }

    private func write(_ tensors: NamedTensors, in folder: URL) throws -> URL {
        let file = folder.appendingPathComponent("embeddings.safetensors")
        try SafetensorsWriter.write(tensors, to: file)
        return file
    }

    private func reason(_ tensors: NamedTensors, width: Int? = nil) throws -> String? {
        try withTemporaryFolder { folder in
            let file = try write(tensors, in: folder)
            let error = #expect(throws: TrainingError.self) { try Embeddings(contentsOf: file, width: width) }
            guard case .unsuitableEmbeddings(file.path, let reason)? = error else { return nil }
            return reason
        }
    }

    @Test("Rows are read as float32, whatever type the file has") func rows() throws {
        try withTemporaryFolder { folder in
            let values = try Tensor.range(12).reshaped([4, 3])
            let file = try write([("ids", try Tensor.range(4)), ("rows", try values.to(.float16))], in: folder)
            let embeddings = try Embeddings(contentsOf: file, width: 3)
            #expect(embeddings.count == 4 && embeddings.width == 3)
            #expect(try embeddings.rows(Tensor([2, 0] as [Int64], shape: [2])).floats() == [6, 7, 8, 0, 1, 2])
            #expect(try embeddings.mean().floats() == [4.5, 5.5, 6.5])
        }
    }

    @Test("A number that is not finite is found, with its row") func notFinite() throws {
        var values = [Float](repeating: 1, count: 12)
        values[7] = .nan
        let reason = try #require(try reason([("rows", Tensor(values, shape: [4, 3]))]))
        #expect(reason.contains("row 2"))
    }

    @Test("Files without one matrix of embeddings, or with one of another width, are refused") func unsuitable() throws {
        let matrix = try Tensor.zeros([2, 3])
        #expect(try #require(try reason([("a", matrix), ("b", matrix)])).contains("one matrix"))
        #expect(try #require(try reason([("a", Tensor.zeros([6]))])).contains("one matrix"))
        #expect(try #require(try reason([("a", Tensor.zeros([2, 3], type: .int64))])).contains("floating-point"))
        #expect(try #require(try reason([("a", matrix)], width: 4)).contains("3 numbers where 4"))
        #expect(try #require(try reason([("a", Tensor.zeros([0, 3]))])).contains("at least one"))
    }

    @Test("A run on a file leaves an autoencoder that the networks read, and measures it", arguments: [true, false])
    func run(exactly: Bool) throws {
        try withTemporaryFolder { folder in
            let random = try Generator(seed: 4)
            let file = try write([("rows", try random.normal([200, 2]).matmul(random.normal([2, 8])))], in: folder)
            let settings = SparseTrainer.Settings(count: 16, selection: exactly ? .perEmbedding(4) : .perBatch(4))
            let place = folder.appendingPathComponent("sae")
            let options = TrainingOptions(folder: place, length: .steps(300), batch: 64, learningRate: 1e-2, warmUp: 5)
            let figures = try #require(try SparseTraining(embeddings: file, settings: settings, options: options).run())
            #expect(try #require(figures["explained"]) > 0.9)

            let weights = try SafetensorsFile(contentsOf: place.appendingPathComponent("model.safetensors"))
            let configuration = try SparseAutoencoderConfiguration(
                contentsOf: place.appendingPathComponent("config.json"), threshold: weights.entry("threshold")?.shape)
            let source = CheckpointSource(weights)
            let autoencoder = try SparseAutoencoder(Weights(source), count: 16, width: 8, activation: configuration.activation)
            try source.finish()
            let heldOut = try Embeddings(contentsOf: file).divided(heldOut: 20).heldOut
            let active = try autoencoder.encode(heldOut).isGreater(than: 0).to(.float32).sum([1]).mean().item()
            #expect(abs(active - (try #require(figures["active"]))) < 1e-6)
        }
    }

    @Test("A single embedding, or more features kept than there are, are refused") func tooFew() throws {
        try withTemporaryFolder { folder in
            let options = TrainingOptions(folder: folder.appendingPathComponent("sae"), length: .steps(1), batch: 4, learningRate: 1e-3)
            let one = try write([("rows", Tensor.zeros([1, 3]))], in: folder)
            #expect(throws: TrainingError.unsuitableEmbeddings(file: one.path, reason: "one embedding is not enough.")) {
                try SparseTraining(embeddings: one, settings: .init(count: 4, selection: .perBatch(2)), options: options).run()
            }
            let two = try write([("rows", Tensor.zeros([2, 3]))], in: folder)
            #expect(throws: TrainingError.unsuitable("Of 4 features, 5 cannot be kept.")) {
                try SparseTraining(embeddings: two, settings: .init(count: 4, selection: .perBatch(5)), options: options).run()
            }
        }
    }
}
