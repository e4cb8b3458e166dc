import Diffusion
import Pictures
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Steering

extension TorchTests {
    @Suite("Which networks are in memory")
    struct ResidencyTests {
        @Test("On the CPU a pack stays whole up to a quarter of the memory, on a GPU always") func choice() {
            #expect(Residency(bytes: 25, textBytes: 50, device: .cpu, memory: 100).keepsAll)
            #expect(!Residency(bytes: 26, textBytes: 0, device: .cpu, memory: 100).keepsAll)
            #expect(Residency(bytes: 99, textBytes: 50, device: .cuda(0), memory: 100).keepsAll)
        }

        @Test("The networks of texts stay where they fit beside the others, on the CPU") func texts() {
            #expect(Residency(bytes: 20, textBytes: 5, device: .cpu, memory: 100).keepsTexts)
            #expect(!Residency(bytes: 20, textBytes: 6, device: .cpu, memory: 100).keepsTexts)
            #expect(!Residency(bytes: 1, textBytes: 1, device: .cuda(0), memory: 100).keepsTexts)
        }

        @Test("A network that had to go for another is not loaded twice while some work still holds it") func held() throws {
            let folder = try TemporaryFolder()
            let pack = try Pack(TextReference.pack(in: folder))
            let residency = Residency(bytes: 1, textBytes: 1, device: .cpu, memory: 0)
            let networks = try ResidentNetworks(
                pack, device: .cpu, dataType: .float32, residency, autoencoderFile: pack.sparseAutoencoderFile(), remark: { _ in })
            var unet: RecordedUNet? = try networks.unet()
            _ = try networks.prior()
            #expect(try networks.unet() === unet)
            weak let dropped = unet
            unet = nil
            _ = try networks.prior()
            #expect(dropped == nil)
        }

        @Test("Loading is told from nothing to everything, parameter by parameter") func progress() async throws {
            let told = Mutex<[WorkProgress]>([])
            _ = try await Engine(threads: 1).open(ReferencePack.square.pack, device: "cpu", dataType: "float32") { progress in
                told.withLock { $0.append(progress) }
            }
            let steps = told.withLock(\.self)
            let last = try #require(steps.last)
            #expect(steps.allSatisfy { $0.stage == .loading && $0.count == last.count })
            #expect(steps.first?.step == 0 && last.step == last.count && steps.count > 20)
            #expect(steps.map(\.step) == steps.map(\.step).sorted())
        }

        @Test("Loading that is cancelled ends between two parameters, and no pack is open") func cancelled() async throws {
            let engine = Engine(threads: 1)
            let task = Task {
                try await engine.open(ReferencePack.square.pack, device: "cpu", dataType: "float32") { _ in
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            await #expect(throws: SteeringError.noPack) { try await engine.analyse(ReferencePack.square.picture) }
        }
    }
}
