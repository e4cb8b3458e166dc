import Testing

@testable import Tensors

extension TorchTests {
    @Suite("Recorded computations")
    struct CapturedGraphTests {
        @Test("Nothing is recorded on the CPU, and asking for it does not switch recording off") func onCPU() throws {
            #expect(!CapturedGraph.isSupported(on: .cpu))
            #expect(throws: TensorError.refused("computations on cpu cannot be recorded")) {
                try CapturedGraph([Tensor.ones([2])], on: .cpu) { try $0[0] + 1 }
            }
            #expect(CapturedGraph.failure == nil)
        }

        @Test(
            "A replay computes with what the inputs hold, and its result stays when the next one runs",
            .enabled(if: CapturedGraph.isSupported(on: .cuda(0)), "There is no CUDA device that can record graphs."))
        func replay() throws {
            let x = try Tensor.ones([4], device: .cuda(0))
            let graph = try CapturedGraph([x], on: .cuda(0)) { try $0[0] * 2 + 1 }
            let first = try graph.replay()
            try graph.inputs[0].assign(Tensor.range(4))
            let second = try graph.replay()
            #expect(try first.floats() == [3, 3, 3, 3])
            #expect(try second.floats() == [1, 3, 5, 7])
        }

        // Processes of their own: after a failure nothing more is recorded.
        @Test(
            "What cannot be recorded is an error, nothing is recorded after it, and the device computes on",
            .enabled(if: CapturedGraph.isSupported(on: .cuda(0)), "There is no CUDA device that can record graphs."))
        func failure() async {
            await #expect(processExitsWith: .success) {
                let x = try Tensor.ones([4], device: .cuda(0))
                #expect(throws: TensorError.self) {
                    try CapturedGraph([x], on: .cuda(0)) { inputs in try inputs[0] * inputs[0].sum().item() }
                }
                #expect(CapturedGraph.failure != nil && !CapturedGraph.isSupported(on: .cuda(0)))
                #expect(try (x + 1).floats() == [2, 2, 2, 2])
            }
        }

        private struct Refusal: Error {}

        @Test(
            "An error of the computation itself is passed on and does not switch recording off",
            .enabled(if: CapturedGraph.isSupported(on: .cuda(0)), "There is no CUDA device that can record graphs."))
        func refusal() throws {
            let x = try Tensor.ones([4], device: .cuda(0))
            #expect(throws: Refusal.self) { try CapturedGraph([x], on: .cuda(0)) { _ in throw Refusal() } }
            #expect(CapturedGraph.isSupported(on: .cuda(0)))
        }
    }

    @Suite("CUDA devices", .enabled(if: Device.cudaCount > 0, "There is no CUDA device."))
    struct CUDATests {
        @Test(
            "A device tells its name, capability and memory",
            .enabled(if: CapturedGraph.isSupported(on: .cuda(0)), "There is no CUDA device that can record graphs.")) func description()
            throws
        {
            let device = try CUDADevice(index: 0)
            #expect(!device.name.isEmpty && device.major > 0)
            #expect(0 < device.availableMemory && device.availableMemory <= device.totalMemory)
            #expect(CUDADevice.all.count == Device.cudaCount)
        }

        @Test("A device that is not there is refused by name") func absent() {
            let count = Device.cudaCount
            #expect(throws: TensorError.absentDevice("cuda:\(count)", available: count)) { try CUDADevice(index: count) }
        }

        @Test("Tensors are made on the device that is asked for, random ones too") func placement() throws {
            let device = Device.cuda(0)
            let made = [
                try Tensor([1, 2] as [Float], shape: [2], device: device), try Tensor.zeros([2], device: device),
                try Generator(seed: 1, device: device).normal([2]),
            ]
            #expect(made.allSatisfy { $0.device == .cuda(0) })
            #expect(try made[0].floats() == [1, 2])
            #expect(try Tensor.zeros([2]).device == .cpu)
        }

        @Test("More memory than the device has is out of memory, and it computes on") func exhaustion() throws {
            let error = #expect(throws: TensorError.self) { try Tensor.zeros([1 << 44], device: .cuda(0)) }
            guard case .outOfMemory = error else { throw try #require(error) }
            #expect(try Tensor.ones([2], device: .cuda(0)).floats() == [1, 1])
        }

        @Test(
            "Our own kernels are used, and compute what libtorch's operations do",
            .enabled(if: CapturedGraph.isSupported(on: .cuda(0)), "This build has no kernels of its own."),
            arguments: [(DataType.float32, 1e-5), (.float16, 1e-3), (.bfloat16, 8e-3)])
        func kernels(type: DataType, bar: Double) throws {
            let generator = try Generator(seed: 3)
            for shape in [[1, 96, 64, 64], [2, 160, 7, 5], [1, 1536, 8, 8]] {
                let channels = shape[1]
                // Numbers that the type holds.
                func normal(_ shape: [Int]) throws -> Tensor { try generator.normal(shape).to(type).to(.float64) }
                let (x, other) = (try normal(shape), try normal(shape))
                let vectors = try (0..<3).map { _ in try normal([channels]) }
                let modulation = try normal([shape[0], 2 * channels, 1, 1])
                func both(_ type: DataType, on device: Device) throws -> [Tensor] {
                    func place(_ x: Tensor) throws -> Tensor { try x.to(type, device: device) }
                    let (x, vectors) = (try place(x), try vectors.map(place))
                    let halves = try place(modulation).split(2, dimension: 1)
                    return [
                        try x.groupNormalised(
                            groups: 32, vectors[0], vectors[1], epsilon: 1e-5, adding: vectors[2],
                            modulatedBy: (halves[0], halves[1]), activated: true),
                        try x.adding(place(other), bias: vectors[2]),
                    ]
                }
                for (found, expected) in zip(try both(type, on: .cuda(0)), try both(.float64, on: .cpu)) {
                    let found = try found.to(.float64, device: .cpu)
                    #expect(try (found - expected).norm().item() < bar * expected.norm().item())
                }
            }
            #expect(Libtorch.kernelFailure == nil)
        }

        @Test("Float32 means float32 once it is asked for") func fullFloat32() throws {
            Libtorch.useFullFloat32()
            let generator = try Generator(seed: 1)
            let (x, weight) = (try generator.normal([1, 64, 32, 32]), try generator.normal([64, 64, 3, 3]))
            let expected = try x.to(.float64).convolved(weight.to(.float64), padding: 1)
            let found = try x.to(device: .cuda(0)).convolved(weight.to(device: .cuda(0)), padding: 1).to(.float64, device: .cpu)
            // TF32 would be a hundred times worse.
            #expect(try (found - expected).norm().item() < 1e-5 * expected.norm().item())
        }
    }

    @Suite("Transfers")
    struct TransferTests {
        @Test("Every number that goes between host and tensor is counted, and nothing else") func counting() throws {
            let x = try Tensor.ones([2])
            func transfers(_ body: () throws -> Void) rethrows -> Int {
                let before = Tensor.hostTransfers
                try body()
                return Tensor.hostTransfers - before
            }
            #expect(try transfers { _ = try Tensor([1, 2] as [Float], shape: [2]) } == 1)
            #expect(try transfers { _ = try x.sum().item() } == 1)
            #expect(try transfers { _ = try x.floats() } == 1)
            #expect(try transfers { _ = try (x + x).to(.float16).sum() + Tensor.full([1], 3) } == 0)
        }
    }
}
