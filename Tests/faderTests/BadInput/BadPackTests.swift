import Foundation
import TestSupport
import Testing

/// The program on packs that are damaged, incomplete or of another kind.
@Suite("Bad packs") struct BadPackTests {
    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let file: String
        /// Part of what the program says.
        let complaint: String
        let change: @Sendable (Data) throws -> Data?

        init(_ name: String, _ file: String, _ complaint: String, _ change: @escaping @Sendable (Data) throws -> Data?) {
            testDescription = name
            self.file = file
            self.complaint = complaint
            self.change = change
        }

        private static let unet = "decoder/unet/diffusion_pytorch_model.safetensors"

        static let all = [
            Damage("weights cut in the header", unet, "damaged, incomplete", { $0.prefix(1000) }),
            Damage("weights cut in the data", unet, "damaged, incomplete", { $0.dropLast(1) }),
            Damage("weights that are empty", unet, "too few for a safetensors file", { _ in Data() }),
            Damage("a header of 2⁶⁰ bytes", unet, "header has 1152921504606846976 bytes", { littleEndian(1 << 60) + $0.dropFirst(8) }),
            Damage(
                "data that overlaps", "sae/model.safetensors", "starts at 2",
                { _ in
                    safetensors(
                        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#, 4)
                }),
            Damage("weights of another network", "sae/model.safetensors", "encoder.weight", { _ in safetensors("{}", 0) }),
            Damage("no weights", unet, "has no weights", { _ in nil }),
            Damage("no config", "decoder/unet/config.json", "config.json", { _ in nil }),
            Damage("a config that is not JSON", "decoder/movq/config.json", "config.json", { _ in Data("{".utf8) }),
            Damage(
                "a config of another architecture", "decoder/unet/config.json", "config.json",
                { Data(String(decoding: $0, as: UTF8.self).replacing("UNet2DConditionModel", with: "FluxTransformer2DModel").utf8) }),
            Damage(
                "a config of another size", "decoder/movq/config.json", "decoder/movq",
                { Data(String(decoding: $0, as: UTF8.self).replacing("\"norm_num_groups\" : 32", with: "\"norm_num_groups\" : 7").utf8) }),
            Damage("a description that is not JSON", "pack.json", "pack.json", { _ in Data("pack".utf8) }),
        ]

        private static func safetensors(_ header: String, _ dataCount: Int) -> Data {
            littleEndian(UInt64(header.utf8.count)) + Data(header.utf8) + Data(count: dataCount)
        }

        private static func littleEndian(_ value: UInt64) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
    }

    @Test("A damaged pack ends in one sentence that names the file, and no picture is written", arguments: Damage.all)
    func damaged(_ damage: Damage) throws {
        let pack = try BrokenPack(damage.file, damage.change)
        let complaint = try refusal(of: pack)
        #expect(complaint.contains(damage.complaint), "\(complaint)")
        #expect(complaint.contains(URL(fileURLWithPath: damage.file).deletingLastPathComponent().relativePath), "\(complaint)")
    }

    @Test("A .pth file that asks for os.system is refused by the function's name") func hostilePickle() throws {
        let pack = try BrokenPack("sae/model.safetensors") { _ in nil }
        try pack.add("sae/os.pth", Data(contentsOf: Program.root.appendingPathComponent("Tests/TensorsTests/Fixtures/os-system.pth")))
        let complaint = try refusal(of: pack)
        #expect(complaint.contains("sae/os.pth") && complaint.contains("posix.system"), "\(complaint)")
    }

    /// What the program says of a pack that it cannot use.
    private func refusal(of pack: BrokenPack) throws -> String {
        let folder = try TemporaryFolder()
        let output = folder.url.appendingPathComponent("out.png")
        let outcome = try Program.run(
            "render", try #require(Program.samples.first), "-o", output.path, "--pack", pack.path, "--steps", "1", "--seed", "1")
        outcome.expectOneSentence()
        #expect(try folder.names.isEmpty)
        return outcome.complaint
    }
}
