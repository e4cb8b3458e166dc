import Foundation
import Networks
import Tensors
import TestSupport
import Testing

extension TorchTests {
    @Suite("Parameters from a file of weights")
    struct CheckpointSourceTests {
        private let folder: TemporaryFolder
        private let file: SafetensorsFile

        init() throws {
            folder = try TemporaryFolder()
            let url = folder.url.appendingPathComponent("model.safetensors")
            try SafetensorsWriter.write(
                [
                    ("a.0.weight", Tensor.full([2, 3], 0.1, type: .float16)), ("a.0.bias", Tensor.ones([2], type: .float64)),
                    ("positions", Tensor.range(4, type: .int64)),
                ], to: url)
            file = try SafetensorsFile(contentsOf: url)
        }

        @Test("A parameter is found by its path and converted", arguments: [DataType.float32, .bfloat16]) func found(type: DataType) throws
        {
            let source = CheckpointSource(file, as: type)
            let place = Weights(source)["a"][0]
            #expect(place.contains("weight") && !place.contains("scale"))
            #expect(try place.parameter("weight", [2, 3]).dataType == type)
            #expect(try place.parameter("bias", [2]).floats() == [1, 1])
            source.ignore("positions")
            try source.finish()
        }

        @Test("A linear layer computes the same with weights that stay in the file, also where it widens them in parts")
        func mapped() throws {
            let generator = try Generator(seed: 3)
            let url = folder.url.appendingPathComponent("linear.safetensors")
            try SafetensorsWriter.write(
                [
                    ("weight", generator.normal([2500, 2048]).to(.float16)), ("bias", generator.normal([2500]).to(.float16)),
                ], to: url)
            let x = try generator.normal([2, 3, 2048])
            func result(mapped: Bool) throws -> Tensor {
                let source = CheckpointSource(try SafetensorsFile(contentsOf: url), mapsLinearWeights: mapped)
                let layer = try Linear(Weights(source), from: 2048, to: 2500)
                try source.finish()
                return try layer(x)
            }
            let (found, expected) = (try result(mapped: true), try result(mapped: false))
            #expect(found.shape == [2, 3, 2500])
            #expect(try (found - expected).magnitude().largest().item() < 1e-3)
        }

        @Test("What was not taken is named") func unknown() throws {
            let source = CheckpointSource(file)
            _ = try Weights(source)["a"][0].parameter("bias", [2])
            let error = #expect(throws: NetworkError.self) { try source.finish() }
            guard case .unknownParameters(file.url.path, let names) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(names.sorted() == ["a.0.weight", "positions"])
        }

        @Test("What is missing, of another shape or not of numbers is named") func refusals() throws {
            let weights = Weights(CheckpointSource(file))
            let path = file.url.path
            #expect(throws: NetworkError.missingParameter(file: path, name: "a.1.weight", shape: [2, 3])) {
                try weights["a"][1].parameter("weight", [2, 3])
            }
            #expect(throws: NetworkError.misshapenParameter(file: path, name: "a.0.weight", found: [2, 3], expected: [3, 2])) {
                try weights["a"][0].parameter("weight", [3, 2])
            }
            #expect(throws: NetworkError.wrongParameterType(file: path, name: "positions", found: "int64")) {
                try weights.parameter("positions", [4])
            }
        }
    }
}
