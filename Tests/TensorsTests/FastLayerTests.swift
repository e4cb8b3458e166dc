import Tensors
import Testing

extension TorchTests {
    /// The fast forms of layers against libtorch's own in float64.
    @Suite("Fast layers")
    struct FastLayerTests {
        private let generator: Generator

        init() throws {
            try Libtorch.setThreads(1)
            generator = try Generator(seed: 7)
        }

        /// A convolution's sizes.
        struct Case: Sendable, CustomTestStringConvertible {
            let batch, input, output, height, width: Int
            var testDescription: String { "\(batch) × \(input) × \(height) × \(width) → \(output)" }
        }

        static let pictures = [
            // Too small for tiles,
            Case(batch: 1, input: 32, output: 32, height: 1, width: 3),
            Case(batch: 3, input: 16, output: 48, height: 5, width: 8),
            // for the smaller tiles,
            Case(batch: 1, input: 16, output: 32, height: 16, width: 16),
            Case(batch: 2, input: 48, output: 16, height: 13, width: 23),
            // and for the larger ones, in one pass and in several, some of them with the end of one picture and the beginning of another.
            Case(batch: 2, input: 32, output: 48, height: 35, width: 30),
            Case(batch: 3, input: 144, output: 160, height: 70, width: 66),
            Case(batch: 1, input: 144, output: 160, height: 130, width: 117),
        ]

        @Test("Winograd's form is the same convolution, at every edge", arguments: pictures) func winograd(_ sizes: Case) throws {
            let x = try generator.normal([sizes.batch, sizes.input, sizes.height, sizes.width]).channelsLast()
            let weight = try generator.normal([sizes.output, sizes.input, 3, 3])
            let bias = try generator.normal([sizes.output])
            let added = try generator.normal([sizes.batch, sizes.output, sizes.height, sizes.width])
            let ordered = try weight.winogradWeights()
            let expected = try x.to(.float64).convolved(weight.to(.float64), bias.to(.float64), padding: 1)
            #expect(try relativeError(x.convolved(winograd: ordered, bias), expected) < 1e-5)
            #expect(try relativeError(x.convolved(winograd: ordered, bias, adding: added), expected + added.to(.float64)) < 1e-5)
        }

        @Test(
            "Packed weights give the same convolution, whatever the picture's size",
            .enabled(if: Libtorch.canPackWeights, "This libtorch or processor packs no weights."))
        func packed() throws {
            for (size, stride, padding) in [(3, 1, 1), (3, 2, 0), (1, 1, 0), (4, 4, 0)] {
                let weight = try generator.normal([32, 16, size, size])
                let bias = try generator.normal([32])
                let packed = try weight.packedWeights(stride: stride, padding: padding)
                for side in [8, 20] {
                    let x = try generator.normal([2, 16, side, side + 4])
                    let expected = try x.to(.float64).convolved(weight.to(.float64), bias.to(.float64), stride: stride, padding: padding)
                    let added = try generator.normal(expected.shape).channelsLast()
                    let alone = try x.convolved(packed: packed, bias, stride: stride, padding: padding)
                    let together = try x.convolved(packed: packed, bias, stride: stride, padding: padding, adding: added)
                    #expect(try relativeError(alone, expected) < 1e-5)
                    #expect(try relativeError(together, expected + added.to(.float64)) < 1e-5)
                }
            }
        }

        @Test("A norm far from zero keeps its digits", arguments: [false, true]) func groupNorm(activated: Bool) throws {
            let x = try (generator.normal([2, 48, 19, 23]) + 100).channelsLast()
            let (weight, bias) = (try generator.normal([48]), try generator.normal([48]))
            let found = try x.groupNormalised(groups: 4, weight, bias, epsilon: 1e-5, modulatedBy: nil, activated: activated)
            let plain = try x.to(.float64).groupNormalised(groups: 4, weight.to(.float64), bias.to(.float64), epsilon: 1e-5)
            #expect(found.isChannelsLast)
            #expect(try relativeError(found, activated ? plain.silu() : plain) < 5e-6)
        }

        @Test("Each pixel is scaled and shifted by the nearest place", arguments: [(1, 1), (3, 4), (12, 20)])
        func modulation(height: Int, width: Int) throws {
            let x = try generator.normal([2, 32, 12, 20])
            let (weight, bias) = (try generator.normal([32]), try generator.normal([32]))
            let (scale, shift) = (try generator.normal([2, 32, height, width]), try generator.normal([2, 32, height, width]))
            let found = try x.groupNormalised(groups: 8, weight, bias, epsilon: 1e-6, modulatedBy: (scale, shift), activated: true)
            let plain = try x.groupNormalised(groups: 8, weight, bias, epsilon: 1e-6)
            let spread = try [scale, shift].map { try $0.resizedNearest(height: 12, width: 20) }
            #expect(try relativeError(found, (plain * spread[0] + spread[1]).silu()) < 1e-6)
        }

        @Test("A norm in bfloat16 is rounded once") func bfloat16() throws {
            let x = try generator.normal([1, 32, 9, 9]).to(.bfloat16)
            let (weight, bias) = (try Tensor.ones([32], type: .bfloat16), try Tensor.zeros([32], type: .bfloat16))
            let found = try x.groupNormalised(groups: 4, weight, bias, epsilon: 1e-6, modulatedBy: nil, activated: true)
            let expected = try x.to(.float32).groupNormalised(groups: 4, epsilon: 1e-6).silu()
            #expect(try found.dataType == .bfloat16)
            // Rounding to eight bits costs 0.0017 on average, and rounding between norm and activation as well would cost 0.0033.
            #expect(try relativeError(found, expected) < 0.0025)
        }

        @Test("What the fast norm is not made for is composed of libtorch's operations, and comes out the same", arguments: [4, 16])
        func composition(groupWidth: Int) throws {
            let channels = 3 * groupWidth
            let x = try generator.normal([2, channels, 6, 10]) + 3
            let vectors = try (0..<3).map { _ in try generator.normal([channels]) }
            let (scale, shift) = (try generator.normal([2, channels, 3, 5]), try generator.normal([2, channels, 3, 5]))
            let plain = try (x + vectors[2].reshaped([-1, 1, 1])).groupNormalised(groups: 3, vectors[0], vectors[1], epsilon: 1e-5)
            let spread = try [scale, shift].map { try $0.resizedNearest(height: 6, width: 10) }
            let expected = try (plain * spread[0] + spread[1]).silu()
            for (type, bar) in [(DataType.float32, 1e-6), (.float64, 1e-6), (.float16, 2e-3)] {
                let found = try x.to(type).groupNormalised(
                    groups: 3, vectors[0].to(type), vectors[1].to(type), epsilon: 1e-5, adding: vectors[2].to(type),
                    modulatedBy: (scale.to(type), shift.to(type)), activated: true)
                #expect(try found.dataType == type && found.isChannelsLast)
                #expect(try relativeError(found, expected) < bar)
            }
        }

        @Test("A bias is added to every pixel's channel, with something else") func addition() throws {
            let (x, added) = (try generator.normal([2, 6, 3, 5]), try generator.normal([2, 6, 3, 5]).channelsLast())
            let bias = try generator.normal([6])
            #expect(try relativeError(x.adding(added, bias: bias), x + added + bias.reshaped([6, 1, 1])) < 1e-6)
            #expect(throws: TensorError.self) { try x.adding(added, bias: Tensor.ones([5])) }
        }

        @Test("Activation holds for large numbers and for those that are none") func extremes() throws {
            let values: [Float] = [0, 1e4, -1e4, 80, -80, 1, -1, 0.5]
            let x = try Tensor(values, shape: [1, 1, 8, 1]).expanded([1, 16, 8, 1])
            let scale = Double(values.map { $0 * $0 }.reduce(0, +) / 8).squareRoot()
            let weight = try Tensor.full([16], scale)
            let found = try x.groupNormalised(groups: 1, weight, Tensor.zeros([16]), epsilon: 1e-5, modulatedBy: nil, activated: true)
            let plain = try x.groupNormalised(groups: 1, weight, Tensor.zeros([16]), epsilon: 1e-5).silu()
            #expect(try relativeError(found, plain) < 1e-6)
            let broken = try Tensor.full([1, 16, 2, 2], .nan).groupNormalised(
                groups: 1, weight, Tensor.zeros([16]), epsilon: 1e-5, modulatedBy: nil, activated: true)
            #expect(try !broken.isAllFinite())
        }

        @Test("What does not fit is refused") func refusals() throws {
            let x = try Tensor.ones([1, 16, 4, 4])
            #expect(throws: TensorError.self) { try Tensor.ones([16, 8, 3, 3]).winogradWeights() }
            #expect(throws: TensorError.self) { try Tensor.ones([16, 16, 1, 1]).winogradWeights() }
            let weights = try Tensor.ones([16, 16, 3, 3]).winogradWeights()
            for side in [4, 16, 32] {
                let picture = try Tensor.ones([1, 16, side, side])
                #expect(throws: TensorError.self) { try Tensor.ones([1, 32, side, side]).convolved(winograd: weights) }
                #expect(throws: TensorError.self) { try picture.convolved(winograd: weights, Tensor.ones([8])) }
                #expect(throws: TensorError.self) { try picture.convolved(winograd: weights, adding: Tensor.ones([1, 16, side, 5])) }
                #expect(throws: TensorError.self) { try picture.convolved(winograd: weights.to(.float64)) }
                #expect(throws: TensorError.self) { try picture.convolved(winograd: Tensor.ones([16, 16])) }
            }
            let (weight, bias) = (try Tensor.ones([16]), try Tensor.zeros([16]))
            func normalised(_ x: Tensor, _ weight: Tensor, _ scale: Tensor? = nil, groups: Int = 4) throws -> Tensor {
                try x.groupNormalised(
                    groups: groups, weight, bias, epsilon: 1e-5, modulatedBy: scale.map { ($0, $0) }, activated: false)
            }
            #expect(throws: TensorError.self) { try normalised(Tensor.ones([1, 12, 4, 4]), weight) }
            #expect(throws: TensorError.self) { try normalised(x, Tensor.ones([8])) }
            #expect(throws: TensorError.self) { try normalised(x, weight, Tensor.ones([1, 8, 1, 1])) }
            #expect(throws: TensorError.self) { try normalised(x, weight, groups: 0) }
            #expect(throws: TensorError.self) { try normalised(x, weight, groups: 3) }
            #expect(throws: TensorError.self) { try normalised(x.reshaped([16, 16]), weight) }
        }

        private func relativeError(_ found: Tensor, _ expected: Tensor) throws -> Double {
            try (found.to(.float64) - expected.to(.float64)).norm().item() / expected.to(.float64).norm().item()
        }
    }
}
