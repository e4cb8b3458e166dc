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

        /// Kernels `[out, in, height, width]`, one of which has sides of 1, and what a step does with them, by the order of memory.
        private func trained(
            parametersChannelsLast: Bool, gradientsChannelsLast: Bool, _ update: ([Tensor]) throws -> (_ step: Int) throws -> [Tensor]
        ) throws -> [[Float]] {
            let random = try Generator(seed: 5)
            let shapes = [[6, 4, 3, 3], [40, 36, 1, 1], [32, 36, 3, 3]]
            let parameters = try shapes.map { shape in
                let drawn = try random.normal(shape)
                let parameter = try parametersChannelsLast ? drawn.channelsLast() : drawn
                try parameter.requireGradient()
                return parameter
            }
            #expect(parameters[0].isChannelsLast == parametersChannelsLast)
            let step = try update(parameters)
            var results: [Tensor] = []
            for index in 1...3 {
                for parameter in parameters {
                    let gradient = try random.normal(parameter.shape)
                    try parameter.setGradient(gradientsChannelsLast ? gradient.channelsLast() : gradient)
                }
                results = try step(index)
            }
            return try (parameters.map { try $0.detached() } + results).map { try $0.floats() }
        }

        private func expectEqualNumbers(_ update: ([Tensor]) throws -> (_ step: Int) throws -> [Tensor]) throws {
            let expected = try trained(parametersChannelsLast: false, gradientsChannelsLast: false, update)
            for (parameters, gradients) in [(false, true), (true, false), (true, true)] {
                let found = try trained(parametersChannelsLast: parameters, gradientsChannelsLast: gradients, update)
                #expect(found.count == expected.count)
                for (found, expected) in zip(found, expected) {
                    let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
                    #expect(largest < 1e-6, "parameters \(parameters), gradients \(gradients)")
                }
            }
        }

        @Test("AdamW moves parameters and moments alike in whatever order they and their gradients lie in memory")
        func adamWWithAnyStrides() throws {
            try expectEqualNumbers { parameters in
                let optimiser = try AdamW(parameters, weightDecay: 0.1)
                return { _ in
                    try optimiser.update(learningRate: 0.01)
                    return optimiser.firstMoments + optimiser.secondMoments
                }
            }
        }

        @Test("Muon, the norm of the gradients, their scale and averages are the same in whatever order of memory")
        func muonWithAnyStrides() throws {
            try expectEqualNumbers { parameters in
                let matrices = parameters.filter(Muon.suits)
                let muon = try Muon(matrices)
                let averages = try matrices.map { try $0.detached().cloned() }
                return { _ in
                    let norm = try gradientNorm(of: parameters)
                    try scaleGradients(of: parameters, by: 1 / norm)
                    let scaled = try #require(try parameters[0].gradient)
                    try muon.update(learningRate: 0.01)
                    try moveTowards(averages, matrices, weight: 0.3)
                    return try muon.momenta + averages + [scaled, Tensor([Float(norm / 100)], shape: [1])]
                }
            }
        }

        @Test("A gradient of another shape, and a parameter that is a part of a larger tensor, are refused") func unfit() throws {
            let parameter = try Tensor.ones([2, 3])
            try parameter.requireGradient()
            #expect(throws: TensorError.self) { try parameter.setGradient(Tensor.ones([3, 2])) }
            let part = try Tensor.ones([4, 6]).narrowed(1, from: 0, length: 3).detached()
            try part.requireGradient()
            let optimiser = try AdamW([part])
            try part.setGradient(Tensor.ones([4, 3]))
            #expect(throws: TensorError.self) { try optimiser.update(learningRate: 0.01) }
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
