import Testing

@testable import Tensors

extension TorchTests {
    @Suite("The boundary to libtorch")
    struct BoundaryTests {
        /// A way to fail and the class of error that it must end in.
        struct Misuse: Sendable, CustomTestStringConvertible {
            enum Outcome: Sendable {
                case refused
                case outOfMemory
                case exactly(TensorError)
            }

            let testDescription: String
            let outcome: Outcome
            let body: @Sendable () throws -> Void

            init(_ name: String, _ outcome: Outcome, _ body: @escaping @Sendable () throws -> Void) {
                testDescription = name
                self.outcome = outcome
                self.body = body
            }

            func isExpected(_ error: TensorError) -> Bool {
                switch (outcome, error) {
                case (.refused, .refused), (.outOfMemory, .outOfMemory): true
                case (.exactly(let expected), _): error == expected
                default: false
                }
            }

            static let all: [Misuse] = [
                Misuse("shapes that do not fit", .refused) { _ = try Tensor.ones([2, 3]).matmul(Tensor.ones([2, 3])) },
                Misuse("types that do not fit", .refused) { _ = try Tensor.ones([2, 2]).matmul(Tensor.ones([2, 2], type: .int64)) },
                Misuse("a negative size", .refused) { _ = try Tensor.zeros([-1]) },
                Misuse("a size whose bytes do not fit in 64 bits", .refused) { _ = try Tensor.zeros([.max, .max]) },
                // A petabyte: beyond the address space, so that no system's overcommitment grants it.
                Misuse("more memory than there is", .outOfMemory) { _ = try Tensor.zeros([1 << 48]) },
                Misuse("a number from many", .refused) { _ = try Tensor.ones([2]).item() },
                Misuse("a gradient of nothing", .refused) { try Tensor.ones([]).backward() },
                Misuse("a wrong number of elements", .exactly(.wrongElementCount(expected: 4, found: 3))) {
                    _ = try Tensor([1, 2, 3] as [Float], shape: [2, 2])
                },
                Misuse("a shape that overflows", .exactly(.wrongElementCount(expected: .max, found: 1))) {
                    _ = try Tensor([1] as [Float], shape: [.max, 2])
                },
                Misuse("no parts", .exactly(.unevenSplit(size: 3, parts: 0))) { _ = try Tensor.ones([2, 3]).split(0, dimension: 1) },
                Misuse("parts of a dimension that is not there", .refused) { _ = try Tensor.ones([2]).split(1, dimension: 5) },
                Misuse("parts that are not equal", .exactly(.unevenSplit(size: 3, parts: 2))) {
                    _ = try Tensor.ones([3]).split(2, dimension: 0)
                },
                Misuse("a device of no name", .exactly(.unknownDevice("tpu"))) { _ = try Device(named: "tpu") },
                Misuse("a device of no number", .exactly(.unknownDevice("cuda:-1"))) { _ = try Device(named: "cuda:-1") },
                Misuse("a device that is not there", .exactly(.absentDevice("cuda:99", available: Device.cudaCount))) {
                    _ = try Device(named: "cuda:99")
                },
            ]
        }

        @Test("A misuse is a Swift error of its class, with a message of one line and no backtrace", arguments: Misuse.all)
        func misuse(_ misuse: Misuse) throws {
            let error = try #require(#expect(throws: TensorError.self) { try misuse.body() })
            #expect(misuse.isExpected(error), "\(error)")
            #expect(error.description.isOneLine)
            #expect(!error.description.contains("frame #") && !error.description.contains("Exception raised from"))
            #expect(error.description.count < 500)
        }

        @Test("A dimension that is not there has no size", arguments: [2, -3, .max, .min]) func absentDimension(_ dimension: Int) throws {
            #expect(try Tensor.ones([2, 3]).size(dimension) == 0)
        }

        @Test(
            "Computing on a CUDA device that is not there is an error", .enabled(if: Device.cudaCount == 0, "There is a CUDA device."),
            arguments: [0, 256, -1, 1 << 40])
        func absentDevice(index: Int) throws {
            let error = try #require(#expect(throws: TensorError.self) { try Tensor.ones([1]).to(device: .cuda(index)) })
            #expect(error.description.isOneLine)
        }

        @Test("What lies under a tensor is released with it, and at once when the tensor cannot be made", arguments: [[2], [-2]])
        func ownership(shape: [Int]) throws {
            weak var memory: AlignedMemory?
            do {
                let owner = AlignedMemory(byteCount: 8)
                memory = owner
                let tensor = try? owner.tensor(shape, .float32)
                #expect((tensor != nil) == (shape == [2]))
            }
            #expect(memory == nil)
        }

        // A process of its own: the count is the process's, and other tests would disturb it.
        @Test("Every tensor is freed, after failures too") func noLeaks() async {
            await #expect(processExitsWith: .success) {
                let before = Tensor.liveCount
                for seed in 0..<20 { try RandomCalls(seed: UInt64(seed)).run(50) }
                let parameter = try Tensor.ones([4])
                try parameter.requireGradient()
                try parameter.squared().sum().backward()
                #expect(Tensor.liveCount == before + 1)
                withExtendedLifetime(parameter) {}
            }
        }

        @Test("A thousand random calls, most of them invalid, end in a tensor or an error") func randomCalls() async {
            await #expect(processExitsWith: .success) {
                let calls = RandomCalls(seed: 1)
                try calls.run(1000)
                #expect(calls.failures > 300 && calls.successes > 100, "\(calls.failures) failed, \(calls.successes) succeeded")
            }
        }
    }
}
