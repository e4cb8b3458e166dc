import Tensors
import Testing

extension TorchTests {
    /// Expected numbers: operations.safetensors, made by Tests/Reference/make_tensor_fixtures.py.
    @Suite("Gradients and AdamW equal PyTorch's")
    struct GradientTests {
        init() throws {
            try Libtorch.setThreads(1)
        }

        @Test("The gradients of mean(silu(x·Wᵀ + b)²)") func gradients() throws {
            let names = ["x", "weight", "bias"]
            let parameters = try names.map { try Fixture.operation("gradients.\($0)").cloned() }
            for parameter in parameters { try parameter.requireGradient() }
            let loss = try parameters[0].linear(parameters[1], parameters[2]).silu().squared().mean()
            try loss.backward()
            #expect(try difference(loss.detached(), Fixture.operation("gradients.loss")) < 1e-6)
            for (name, parameter) in zip(names, parameters) {
                let gradient = try #require(try parameter.gradient)
                #expect(try difference(gradient, Fixture.operation("gradients.\(name).grad")) < 1e-6)
            }
        }

        @Test("AdamW after one and after three steps") func adamW() throws {
            // The parameter is the file's own memory: training in place must neither crash nor change the file.
            let parameter = try Fixture.operation("adamw.0")
            try parameter.requireGradient()
            let optimiser = try AdamW([parameter], weightDecay: 0.1)
            for step in 1...3 {
                try (parameter.squared().sum() / 2).backward()
                try optimiser.update(learningRate: 0.01)
                if step != 2 { #expect(try difference(parameter.detached(), Fixture.operation("adamw.\(step)")) < 1e-6) }
            }
            #expect(try difference(parameter.detached(), Fixture.operation("adamw.0")) > 0.01)
        }

        @Test("Muon after three steps", arguments: ["wide", "tall"]) func muon(shape: String) throws {
            let parameter = try Fixture.operation("muon.\(shape).0").cloned()
            try parameter.requireGradient()
            let optimiser = try Muon([parameter])
            for _ in 1...3 {
                try parameter.squared().squared().sum().backward()
                try optimiser.update(learningRate: 0.01)
            }
            #expect(try difference(parameter.detached(), Fixture.operation("muon.\(shape).3")) < 1e-5)
            #expect(try difference(parameter.detached(), Fixture.operation("muon.\(shape).0")) > 0.005)
        }

        @Test("Without gradients nothing is recorded, and afterwards recording goes on") func withoutGradients() throws {
            let parameter = try Tensor.ones([2])
            try parameter.requireGradient()
            let unrecorded = try Tensor.withoutGradients { try parameter.squared().sum() }
            #expect(throws: TensorError.self) { try unrecorded.backward() }
            try parameter.squared().sum().backward()
            #expect(try parameter.gradient?.floats() == [2, 2])
        }
    }
}
