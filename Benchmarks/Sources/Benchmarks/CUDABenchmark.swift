import Foundation
import Pictures
import Steering
import Tensors

/// Times one denoising step on a CUDA device at 512 × 512 pixels, beside diffusers where Python has it.
struct CUDABenchmark {
    /// A pack of published size.
    private let pack: URL
    /// A Python with diffusers and a CUDA build of torch, `$FADER_REFERENCE_PYTHON`; nil leaves diffusers out.
    private let python: String?
    private let dataType = "float16"

    /// Runs where there is a CUDA device and a pack of published size is named: `$FADER_FULL_PACK`.
    static func runWherePossible() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard Device.cudaCount > 0, let pack = environment["FADER_FULL_PACK"] else {
            return print("\nCUDA is not measured: it needs a device, and a pack named with FADER_FULL_PACK.")
        }
        try await CUDABenchmark(pack: URL(fileURLWithPath: pack), python: environment["FADER_REFERENCE_PYTHON"]).run()
    }

    /// Prints the median of each form in milliseconds, and how many times as long as Fader it takes.
    private func run() async throws {
        let device = try CUDADevice(index: 0)
        print("\n\(device.name), \(dataType), 512 × 512 pixels, batch 1; median milliseconds of a denoising step")
        let own = try await step()
        print("Fader\t\(text(own))")
        if let failure = CapturedGraph.failure { print("without a CUDA graph: \(failure)") }
        for (name, milliseconds) in try reference() { print("\(name)\t\(text(milliseconds))\t\(text(milliseconds / own)) times Fader's") }
    }

    /// The difference between pictures of many steps and of few, so that what a picture costs once does not count.
    private func step() async throws -> Double {
        let engine = Engine()
        _ = try await engine.open(pack, device: "cuda", dataType: dataType)
        let picture = try Picture(width: 512, height: 512, pixels: [UInt8](repeating: 128, count: 512 * 512 * 3))
        let analysis = try await engine.analyse(picture)
        func median(_ steps: Int) async throws -> Double {
            let request = RenderRequest(.picture(analysis.id), sampling: Sampling(steps: steps, start: .noise(seed: 1)))
            // The first run records, and does not count.
            _ = try await engine.render(request)
            var times: [Double] = []
            for _ in 0..<7 {
                let start = ContinuousClock.now
                _ = try await engine.render(request)
                times.append((ContinuousClock.now - start) / .milliseconds(1))
            }
            return times.sorted()[3]
        }
        let (few, many) = (4, 24)
        return try await (median(many) - median(few)) / Double(many - few)
    }

    private func reference() throws -> [(String, Double)] {
        guard let python else { return [] }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../cuda_reference.py")
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [script.standardizedFileURL.path, pack.path, "--dtype", dataType, "--compiled"]
        process.standardOutput = output
        try process.run()
        let lines = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).split(separator: "\n")
        process.waitUntilExit()
        return lines.compactMap { line in
            let parts = line.split(separator: "\t")
            return parts.count == 2 ? Double(parts[1]).map { (String(parts[0]), $0) } : nil
        }
    }

    private func text(_ value: Double) -> String { String(format: "%.2f", value) }
}
