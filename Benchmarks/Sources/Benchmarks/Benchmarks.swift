import Foundation
import Pictures
import Steering
import Tensors
import Terminal

/// Times what a user waits for, on the demo pack, and the parts that it is made of.
@main
enum Benchmarks {
    static func main() async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        try await FirstStepBenchmark.runIfAsked()
        if CommandLine.arguments.contains("--terminal") { return try terminal(root) }
        if CommandLine.arguments.contains("--training") { return try TrainingStepBenchmark().run() }
        if CommandLine.arguments.contains("--published") { return try await publishedSize(root) }
        print("\(processor), libtorch \(Libtorch.version), \(Libtorch.threads) threads; milliseconds, one run before those that count")
        print("                                              least    median   largest")
        try await operations()
        try await pictures(root.appendingPathComponent("assets/samples/01.png"))
        try await engine(root)
        try await BatchBenchmark.run(
            pack: root.appendingPathComponent("assets/demo"), sample: root.appendingPathComponent("assets/samples/01.png"))
        try await LibraryBenchmark.run(root)
        try await CUDABenchmark.runWherePossible()
        try SparseTrainingBenchmark(root: root).run()
        try TrainingStepBenchmark().run()
        try terminal(root)
        try await publishedSize(root)
    }

    /// What a terminal is sent, and when: alone with `--terminal`, and for a photo besides with `--photo FILE`.
    private static func terminal(_ root: URL) throws {
        try EncodersBenchmark(picture: root.appendingPathComponent("assets/samples/01.png"), name: "a drawn picture").run()
        if let photo = value(of: "--photo") {
            try EncodersBenchmark(picture: URL(fileURLWithPath: photo), name: "a photo").run()
        }
        try KeysBenchmark(root: root).run()
    }

    /// What follows an option on the command line.
    private static func value(of option: String) -> String? {
        let arguments = CommandLine.arguments
        return arguments.firstIndex(of: option).flatMap { arguments.dropFirst($0 + 1).first }
    }

    /// Runs where a pack of published size is named, `--pack DIR` or `$FADER_FULL_PACK`: alone with `--published`, in one type of numbers
    /// with `--dtype TYPE`.
    private static func publishedSize(_ root: URL) async throws {
        guard let path = value(of: "--pack") ?? ProcessInfo.processInfo.environment["FADER_FULL_PACK"] else {
            return print("\nPublished size is not measured: name a pack with --pack DIR or FADER_FULL_PACK.")
        }
        let pack = URL(fileURLWithPath: path)
        let script = root.appendingPathComponent("Benchmarks/cpu_reference.py")
        let reference = try Reference.python(root: root).map {
            try Reference(python: $0, script: script, pack: pack, threads: Libtorch.threads)
        }
        if reference == nil { print("\nNo Python with diffusers is found: set FADER_REFERENCE_PYTHON, or run `make fixtures` once.") }
        let type = value(of: "--dtype").flatMap(DataType.init)
        try PublishedSize(pack: pack, reference: reference, types: type.map { [$0] } ?? [.float32, .bfloat16]).run()
        print("\nleast, median and largest milliseconds; files in the page cache")
        try await FirstStepBenchmark.measure("start of the process to the first step", pack: pack)
    }

    private static var processor: String {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        return lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
            ?? "unknown processor"
    }

    private static func operations() async throws {
        let one = try Tensor.ones([1])
        try await Stopwatch(runs: 25).measure("1,000 additions of one number") {
            for _ in 0..<1000 { _ = try one + one }
        }
    }

    private static func pictures(_ sample: URL) async throws {
        let picture = try Picture(contentsOf: sample).resized(width: 512, height: 512)
        let photo = try picture.resized(width: 4000, height: 3000)
        let image = try RasterImage(width: 512, height: 512, pixels: picture.pixels)
        let encoder = SixelEncoder()
        try await Stopwatch(runs: 15).measure("sixel of 512 × 512 while dragging") { _ = try encoder.encode(image, quality: .dragging) }
        try await Stopwatch(runs: 15).measure("sixel of 512 × 512 at rest") { _ = try encoder.encode(image, quality: .atRest) }
        try await Stopwatch(runs: 9).measure("12 megapixels to 224 × 224") { _ = try photo.resized(width: 224, height: 224) }
    }

    private static func engine(_ root: URL) async throws {
        let pack = root.appendingPathComponent("assets/demo")
        let picture = try Picture(contentsOf: root.appendingPathComponent("assets/samples/01.png"))
        let engine = Engine()
        try await Stopwatch(runs: 5).measure("opening the demo pack") { _ = try await engine.open(pack) }
        try await FirstStepBenchmark.measure("start of the process to the first step", pack: pack)
        let summary = try await engine.open(pack)
        try await Stopwatch(runs: 9).measure("embedding and features") { _ = try await engine.analyse(picture) }
        try await Stopwatch(runs: 5).measure("inversion, \(summary.invertSteps) steps, with embedding and features") {
            _ = try await engine.preprocess(picture, features: 10, invertSteps: summary.invertSteps)
        }
        let analysis = try await engine.analyse(picture)
        for steps in [summary.previewSteps, summary.steps] {
            let request = RenderRequest(.picture(analysis.id), sampling: Sampling(steps: steps, start: .noise(seed: 1)))
            try await Stopwatch(runs: 9).measure("a picture of 128 × 128 in \(steps) steps") { _ = try await engine.render(request) }
        }
    }
}
