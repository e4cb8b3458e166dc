import Foundation
import Pictures
import Steering

/// Times a process from its start until the first denoising step of a picture is done: what a user waits for who has used the pack before.
enum FirstStepBenchmark {
    private static let argument = "--first-step"

    /// Where this process is one of those that are timed, it works and ends here.
    static func runIfAsked() async throws {
        let arguments = CommandLine.arguments
        guard let path = arguments.firstIndex(of: argument).flatMap({ arguments.dropFirst($0 + 1).first }) else { return }
        let engine = Engine()
        let pack = try await engine.open(URL(fileURLWithPath: path))
        let grey = [UInt8](repeating: 128, count: pack.width * pack.height * 3)
        let analysis = try await engine.analyse(Picture(width: pack.width, height: pack.height, pixels: grey))
        let request = RenderRequest(.picture(analysis.id), sampling: Sampling(steps: 20, start: .noise(seed: 1)))
        _ = try await engine.render(request) { progress in
            if progress.stage == .rendering && progress.step == 1 { _exit(0) }
        }
    }

    /// The first run, which does not count, brings the pack's files into memory.
    static func measure(_ name: String, pack: URL) async throws {
        try await Stopwatch(runs: 5).measure(name) {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            process.arguments = [argument, pack.path]
            try process.run()
            process.waitUntilExit()
        }
    }
}
