import Foundation
import Tensors
import TestSupport
import Testing

@testable import Networks

extension TorchTests {
    /// An autoencoder of numbers that can be followed by hand: five features of an embedding of one number.
    @Suite("Sparse autoencoder")
    struct SparseAutoencoderTests {
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
        }

        private func autoencoder(
            _ activation: SparseAutoencoder.Activation = .relu, threshold: Tensor? = nil, subtractsDecoderBias: Bool = false
        ) throws -> SparseAutoencoder {
            var tensors = [
                ("encoder.weight", try Tensor([1, 2, 3, -1, 0] as [Float], shape: [5, 1])),
                ("enc_bias", try Tensor([0, 0, -1, 0, 0.5] as [Float], shape: [5])),
                ("decoder.weight", try Tensor([1, 1, 1, 1, 1] as [Float], shape: [1, 5])),
                ("dec_bias", try Tensor([1] as [Float], shape: [1])),
            ]
            if let threshold { tensors.append(("threshold", threshold)) }
            let file = folder.url.appendingPathComponent("model.safetensors")
            try SafetensorsWriter.write(tensors.map { (name: $0.0, tensor: $0.1) }, to: file)
            let source = CheckpointSource(try SafetensorsFile(contentsOf: file))
            let made = try SparseAutoencoder(
                Weights(source), count: 5, width: 1, activation: activation, subtractsDecoderBias: subtractsDecoderBias)
            try source.finish()
            return made
        }

        private func features(_ autoencoder: SparseAutoencoder, of embedding: Float) throws -> [Float] {
            try autoencoder.encode(Tensor([embedding], shape: [1, 1])).floats()
        }

        @Test("All features above 0 are kept") func relu() throws {
            #expect(try features(autoencoder(), of: 2) == [2, 4, 5, 0, 0.5])
            #expect(try features(autoencoder(), of: -2) == [0, 0, 0, 2, 0.5])
        }

        @Test("The k largest are kept, fewer where fewer are above 0") func topK() throws {
            #expect(try features(autoencoder(.topK(2)), of: 2) == [0, 4, 5, 0, 0])
            #expect(try features(autoencoder(.topK(3)), of: -2) == [0, 0, 0, 2, 0.5])
            let both = try autoencoder(.topK(1)).encode(Tensor([2, -2] as [Float], shape: [2, 1]))
            #expect(try both.floats() == [0, 0, 5, 0, 0] + [0, 0, 0, 2, 0])
        }

        @Test("Those above the threshold are kept, whole", arguments: [[1], []]) func globalThreshold(shape: [Int]) throws {
            let threshold = try Tensor.full(shape, 4)
            #expect(try features(autoencoder(.threshold(shape: shape), threshold: threshold), of: 2) == [0, 0, 5, 0, 0])
        }

        @Test("Each feature may have a threshold of its own") func thresholds() throws {
            let threshold = try Tensor([1, 4, 6, 0, 0.25] as [Float], shape: [5])
            #expect(try features(autoencoder(.threshold(shape: [5]), threshold: threshold), of: 2) == [2, 0, 0, 0, 0.5])
        }

        @Test("The decoder's bias is subtracted where the file says so") func centred() throws {
            #expect(try features(autoencoder(subtractsDecoderBias: true), of: 2) == [1, 2, 2, 0, 0.5])
        }

        @Test("What does not suit the sizes is refused") func refusals() throws {
            for activation in [SparseAutoencoder.Activation.topK(0), .topK(6), .threshold(shape: [2]), .threshold(shape: [5, 1])] {
                #expect(throws: NetworkError.self) { try autoencoder(activation, threshold: Tensor.ones([2])) }
            }
            // A file with thresholds is not taken for one without.
            #expect(throws: NetworkError.self) { try autoencoder(.relu, threshold: Tensor.ones([5])) }
            #expect(throws: NetworkError.self) { try autoencoder(.threshold(shape: [1])) }
        }

        private func configuration(_ json: String, threshold: [Int]?) throws -> SparseAutoencoderConfiguration {
            try SparseAutoencoderConfiguration(contentsOf: folder.file("config.json", json.utf8), threshold: threshold)
        }

        @Test("The kind is that of the config, else that of the file") func configurations() throws {
            #expect(SparseAutoencoderConfiguration(threshold: nil).activation == .relu)
            #expect(SparseAutoencoderConfiguration(threshold: [5]).activation == .threshold(shape: [5]))
            #expect(try configuration("{}", threshold: []).activation == .threshold(shape: []))
            #expect(try configuration(#"{"activation": "relu"}"#, threshold: nil).activation == .relu)
            let topK = try configuration(#"{"activation": "topk", "k": 32, "subtracts_decoder_bias": true}"#, threshold: nil)
            #expect(topK.activation == .topK(32) && topK.subtractsDecoderBias)
        }

        @Test(
            "A config that says nothing clear is refused",
            arguments: [
                #"{"activation": "gelu"}"#, #"{"activation": 3}"#, #"{"activation": "topk"}"#, #"{"activation": "topk", "k": 0}"#,
                #"{"activation": "topk", "k": 1.5}"#, #"{"activation": "relu", "k": 3}"#, #"{"k": 3}"#, #"{"subtracts_decoder_bias": 1}"#,
                #"{"activations": "relu"}"#, "[]",
            ]) func badConfigurations(json: String) throws
        {
            #expect(throws: NetworkError.self) { try configuration(json, threshold: nil) }
        }
    }
}
