import Foundation
import TestSupport

/// A hub on this machine with small files, and with one fault or none; it ends with this object.
final class HubServer {
    static let prior = "kandinsky-community/kandinsky-2-2-prior"
    static let decoder = "kandinsky-community/kandinsky-2-2-decoder"
    static let sae = "gytdau/clip-sae-128"
    static let autoencoder = Data((0..<3500).map { UInt8(truncatingIfNeeded: $0 &* 31) })

    /// Every file that pack get needs, by its path in the folder.
    static let files: [String] =
        [
            "image_processor/preprocessor_config", "image_encoder/config", "text_encoder/config", "prior/config",
            "scheduler/scheduler_config",
        ]
        .map { "\(prior)/\($0).json" }
        + ["vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"].map { "\(prior)/tokenizer/\($0)" }
        + ["image_encoder/model.fp16", "text_encoder/model", "prior/diffusion_pytorch_model"].map { "\(prior)/\($0).safetensors" }
        + ["unet/config", "movq/config", "scheduler/scheduler_config"].map { "\(decoder)/\($0).json" }
        + ["unet", "movq"].map { "\(decoder)/\($0)/diffusion_pytorch_model.safetensors" }

    let folder: TemporaryFolder
    private let process: Process

    init(_ fault: String = "", files: [String] = HubServer.files) throws {
        folder = try TemporaryFolder()
        for file in files { try Self.write(Data("content of \(file)".utf8), to: folder.url.appendingPathComponent(file)) }
        try Self.write(Self.autoencoder, to: folder.url.appendingPathComponent("\(Self.sae)/sparse_autoencoder_128.pth"))
        let script = Program.root.appendingPathComponent("Tests/Reference/hub_server.py").path
        process = try Tool.start("python3", [script, folder.url.path, fault])
        let port = folder.url.appendingPathComponent("port")
        guard Tool.waits(until: { FileManager.default.fileExists(atPath: port.path) }) else { throw CocoaError(.executableLoad) }
    }

    deinit { process.terminate() }

    var address: String {
        get throws { "http://127.0.0.1:" + (try String(contentsOf: folder.url.appendingPathComponent("port"), encoding: .utf8)) }
    }

    /// What it was asked for, one line for each request: method, path and range.
    var requests: [String] {
        let text = try? String(contentsOf: folder.url.appendingPathComponent("requests"), encoding: .utf8)
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    static func write(_ data: Data, to url: URL) throws {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }
}
