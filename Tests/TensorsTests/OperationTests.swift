import Tensors
import Testing

extension TorchTests {
    /// Expected numbers: operations.safetensors, made by Tests/Reference/make_tensor_fixtures.py.
    @Suite("Operations equal PyTorch's")
    struct OperationTests {
        init() throws {
            try Libtorch.setThreads(1)
        }

        @Test("A matrix product that one can do by hand") func matrixProductByHand() throws {
            let a = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
            let b = try Tensor([5, 6, 7, 8] as [Float], shape: [2, 2])
            #expect(try a.matmul(b).floats() == [19, 22, 43, 50])
        }

        /// An operation and the name of what it should give.
        struct Operation: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let compute: @Sendable () throws -> Tensor

            init(_ name: String, _ compute: @escaping @Sendable () throws -> Tensor) {
                testDescription = name
                self.compute = compute
            }

            static let all: [Operation] = [
                Operation("matmul") { try Fixture.operation("a").matmul(Fixture.operation("b")) },
                Operation("convolution") {
                    try Fixture.operation("image").convolved(Fixture.operation("kernel"), Fixture.operation("bias"), stride: 2, padding: 1)
                },
                Operation("group_norm") {
                    try Fixture.operation("image")
                        .groupNormalised(groups: 2, Fixture.operation("scale"), Fixture.operation("shift"), epsilon: 1e-5)
                },
                Operation("layer_norm") {
                    try Fixture.operation("a").layerNormalised(Fixture.operation("scale"), Fixture.operation("shift"), epsilon: 1e-5)
                },
                Operation("attention") {
                    try Fixture.operation("query").attention(keys: Fixture.operation("key"), values: Fixture.operation("value"))
                },
                Operation("causal_attention") {
                    try Fixture.operation("query").attention(
                        keys: Fixture.operation("key"), values: Fixture.operation("value"), causal: true)
                },
                Operation("silu") { try Fixture.operation("a").silu() },
                Operation("gelu") { try Fixture.operation("a").gelu() },
                Operation("quick_gelu") { try Fixture.operation("a").quickGELU() },
                Operation("cross_entropy") {
                    try Fixture.operation("b").narrowed(0, from: 0, length: 2).crossEntropy(Fixture.operation("targets"))
                },
            ]
        }

        @Test("An operation gives PyTorch's numbers", arguments: Operation.all) func operation(_ operation: Operation) throws {
            let expected = try Fixture.operation(operation.testDescription)
            // Sums are added up in another order on other processors: what is lost is relative to the largest number.
            let scale = max(1, try expected.magnitude().largest().item())
            #expect(try difference(operation.compute(), expected) < 1e-6 * scale)
        }

        @Test("A generator draws the numbers of torch.Generator with that seed, to the bit") func generator() throws {
            let generator = try Generator(seed: 42)
            #expect(try generator.normal([3]).floats() == Fixture.operation("normal.few").floats())
            #expect(try generator.normal([5, 8]).floats() == Fixture.operation("normal.many").floats())
            #expect(try generator.uniform([6]).floats() == Fixture.operation("uniform").floats())
            #expect(try generator.integers(below: 1000, [7]).integers() == Fixture.operation("integers").integers())
        }
    }
}
