import Foundation
import Tensors
import Testing

@testable import Steering

@Suite("Where a pack is computed")
struct PlacementTests {
    private let small = CUDADevice(index: 0, name: "Small", major: 7, minor: 5, availableMemory: 3_100_000_000, totalMemory: 8_000_000_000)
    private let large = CUDADevice(
        index: 1, name: "Large", major: 9, minor: 0, availableMemory: 70_000_000_000, totalMemory: 80_000_000_000)

    @Test("The first CUDA device with room for the pack") func roomy() {
        #expect(Placement.choice(among: [small, large], needing: 3_000_000_000).device == .cuda(0))
        let second = Placement.choice(among: [small, large], needing: 10_250_000_000)
        #expect(second.device == .cuda(1) && second.reason == "Large has room for the pack")
    }

    @Test("The CPU where no CUDA device has room, and the reason says how much is missing") func crowded() {
        let found = Placement.choice(among: [small], needing: 10_250_000_000)
        #expect(found.device == .cpu && found.reason == "Small has 3.1 GB free where the pack takes 10.2 GB")
    }

    @Test("The first CUDA device where none can be described") func undescribed() {
        #expect(Placement.choice(among: [], needing: .max).device == .cuda(0))
    }

    @Test("A pack takes room for its weights in the type they are computed in, for results, and for CUDA itself") func memory() {
        #expect(Placement.memory(for: 4_000_000_000, as: .float16) == 11_000_000_000)
        #expect(Placement.memory(for: 4_000_000_000, as: .float32) == 21_000_000_000)
    }

    @Test("A pack's weights are counted without reading them", arguments: ReferencePack.all) func weights(pack: ReferencePack) throws {
        let folder = pack.pack
        let bytes = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".safetensors") }
            .map { try Data(contentsOf: folder.appendingPathComponent($0)).count }.reduce(0, +)
        let count = try Pack(folder).weightCount()
        // Float32 and headers, or float16 in part.
        #expect(count * 2 < bytes && bytes < count * 5)
    }

    @Test("What is asked for by name is used, or refused when it is not there") func named() throws {
        let pack = try Pack(ReferencePack.square.pack)
        let cpu = try Placement(of: pack, device: "cpu", dataType: "bfloat16")
        #expect(cpu.device == .cpu && cpu.dataType == .bfloat16 && cpu.reason == "--device asks for it")
        #expect(throws: TensorError.absentDevice("cuda:99", available: Device.cudaCount)) { try Placement(of: pack, device: "cuda:99") }
        #expect(throws: TensorError.unknownDevice("tpu")) { try Placement(of: pack, device: "tpu") }
    }

    @Test("Without a CUDA device, auto is the CPU in float32", .enabled(if: Device.cudaCount == 0, "There is a CUDA device."))
    func automatic() throws {
        let placement = try Placement(of: Pack(ReferencePack.square.pack))
        #expect(placement.device == .cpu && placement.dataType == .float32 && placement.reason == "libtorch finds no CUDA device")
    }
}
