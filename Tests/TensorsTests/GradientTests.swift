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

        @Test("Muon and averages are the same in whatever order of memory") func muonWithAnyStrides() throws {
            try expectEqualNumbers { parameters in
                let matrices = try FlatParameters(parameters.filter(Muon.suits))
                let muon = try Muon(matrices)
                let averages = try matrices.values.cloned()
                return { _ in
                    try muon.update(learningRate: 0.01)
                    try averages.move(towards: matrices.values, by: 0.3)
                    return try muon.momenta + matrices.views(of: averages)
                }
            }
        }

        /// Muon as its paper has it, one matrix at a time.
        private func orthogonal(_ matrix: Tensor) throws -> Tensor {
            guard matrix.size(0) <= matrix.size(1) else { return try orthogonal(matrix.transposed()).transposed() }
            var rows = try matrix / (matrix.norm() + 1e-7)
            for _ in 0..<5 {
                let square = try rows.matmul(rows.transposed())
                rows = try rows * 3.4445 + (square * -4.7750 + square.matmul(square) * 2.0315).matmul(rows)
            }
            return rows
        }

        @Test("Muon treats many matrices together as it would each alone") func together() throws {
            let random = try Generator(seed: 2)
            let shapes = [[40, 36], [40, 36], [36, 40], [32, 4, 3, 3], [32, 36], [36, 4, 3, 3], [36, 4, 3, 3], [64, 33]]
            let parameters = try shapes.map { try random.normal($0) }
            for parameter in parameters { try parameter.requireGradient() }
            var expected = try parameters.map { try $0.detached().cloned() }
            var means = try parameters.map { try Tensor.zeros(like: $0.detached()) }
            let muon = try Muon(parameters)
            for _ in 0..<3 {
                for (place, parameter) in parameters.enumerated() {
                    let gradient = try random.normal(parameter.shape)
                    try parameter.setGradient(gradient)
                    means[place] = try means[place] * 0.95 + gradient * 0.05
                    let ahead = try (gradient * 0.05 + means[place] * 0.95).reshaped([parameter.size(0), -1])
                    let reach = 0.2 * Double(max(ahead.size(0), ahead.size(1))).squareRoot()
                    expected[place] = try expected[place] - orthogonal(ahead).reshaped(parameter.shape) * (0.01 * reach)
                }
                try muon.update(learningRate: 0.01)
            }
            for (parameter, expected) in zip(parameters, expected) {
                #expect(try difference(parameter.detached(), expected) < 1e-6)
            }
            for (found, expected) in zip(muon.momenta, means) { #expect(try difference(found, expected) < 1e-6) }
        }

        @Test("A step that is to be skipped changes no number, even where the gradient is not one") func skipped() throws {
            let random = try Generator(seed: 4)
            let flat = try FlatParameters([random.normal([40, 36]), random.normal([36, 40])])
            let (adamW, muon) = try (AdamW(flat, weightDecay: 0.1), Muon(flat))
            func state() throws -> [[Float]] {
                try ([flat.values] + adamW.firstMoments + adamW.secondMoments + muon.momenta).map { try $0.floats() }
            }
            let gradient = try random.normal(flat.values.shape)
            let (rate, one) = try (Tensor.full([], 0.01), Tensor.ones([]))
            try adamW.update(learningRate: rate, step: one, gradient: gradient)
            try muon.update(learningRate: rate, gradient: gradient)
            let before = try state()
            for isSkipped in [1.0, 0] {
                let mark = try Tensor.full([], isSkipped)
                try adamW.update(learningRate: rate, step: one + 1, gradient: gradient * (isSkipped == 1 ? .nan : 1), unless: mark)
                try muon.update(learningRate: rate, gradient: gradient * (isSkipped == 1 ? .nan : 1), unless: mark)
                #expect(try (state() == before) == (isSkipped == 1))
            }
        }

        @Test("Parameters keep their numbers and strides in one tensor, and are views of it") func flattened() throws {
            let random = try Generator(seed: 6)
            let parameters = try [random.normal([4, 3]), random.normal([2, 4, 3, 3]).channelsLast(), random.normal([5, 6]).transposed()]
            let before = try parameters.map { try $0.floats() }
            let flat = try FlatParameters(parameters)
            #expect(flat.values.shape == [12 + 72 + 30])
            #expect(try parameters.map { try $0.floats() } == before && parameters[1].isChannelsLast)
            try flat.values.assign(flat.values * 2)
            #expect(try parameters.map { try $0.floats() } == before.map { $0.map { $0 * 2 } })
            #expect(
                try flat.part(1..<3).views(of: flat.part(1..<3).values).map { try $0.floats() } == before[1...].map { $0.map { $0 * 2 } })
            #expect(throws: TensorError.self) { try flat.views(of: Tensor.zeros([3])) }
        }

        @Test("A gradient of another shape, no gradient, no parameters, and parameters that cannot lie in one tensor are refused")
        func unfit() throws {
            let parameter = try Tensor.ones([2, 3])
            try parameter.requireGradient()
            #expect(throws: TensorError.self) { try parameter.setGradient(Tensor.ones([3, 2])) }
            #expect(throws: TensorError.self) { try FlatParameters([parameter]).gradient() }
            #expect(throws: TensorError.self) { try FlatParameters([]) }
            let part = try Tensor.ones([4, 6]).narrowed(1, from: 0, length: 3).detached()
            #expect(throws: TensorError.self) { try AdamW([parameter, part]) }
            #expect(throws: TensorError.self) { try FlatParameters([parameter, Tensor.ones([2], type: .float64)]) }
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
