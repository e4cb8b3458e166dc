import Foundation
import Pictures
import Steering
import Synchronization
import TestSupport
import Testing

extension TorchTests {
    @Suite("Pictures of unfinished steps")
    struct PreviewTests {
        private let pack: URL
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            pack = try ReferencePack.square.copy(in: folder)
        }

        /// The previews of a render in four steps.
        private func previews(_ map: String?, asked: Bool = true) async throws -> [Picture?] {
            if let map { try Data(map.utf8).write(to: pack.appendingPathComponent("preview.json")) }
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(pack)
            let analysis = try await engine.analyse(ReferencePack.square.picture)
            let request = RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 4, start: .noise(seed: 1)))
            let previews = Mutex<[Picture?]>([])
            _ = try await engine.render(request, previews: asked) { progress in previews.withLock { $0.append(progress.preview) } }
            return previews.withLock(\.self)
        }

        private let constant = #"{"matrix": [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], "bias": [1, 0.2, -3]}"#

        @Test("Every step but the last shows its latents through the pack's map") func shown() async throws {
            let found = try await previews(constant)
            let expected = try Picture(width: 16, height: 16, pixels: Array(repeating: [255, 51, 0], count: 256).flatMap { $0 })
            #expect(found == [expected, expected, expected, nil])
        }

        @Test("Without a map, or when nobody asks, there is none") func absent() async throws {
            #expect(try await previews(nil) == [nil, nil, nil, nil])
            #expect(try await previews(constant, asked: false) == [nil, nil, nil, nil])
        }

        @Test(
            "A map that is none is refused with its file",
            arguments: [
                "", "{}", #"{"matrix": [], "bias": [1, 2, 3]}"#, #"{"matrix": [[1], [1], [1, 2]], "bias": [1, 2, 3]}"#,
                #"{"matrix": [[], [], []], "bias": [1, 2, 3]}"#, #"{"matrix": [[1], [1], [1]], "bias": [1, 2]}"#,
            ])
        func refused(map: String) async throws {
            let message = try await refusal { try await previews(map) }
            #expect(message.hasPrefix(pack.appendingPathComponent("preview.json").path))
        }
    }
}
