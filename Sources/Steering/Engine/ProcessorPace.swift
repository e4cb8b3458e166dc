import Files
import Foundation
import Networks
import Synchronization
import Tensors

/// How long this processor takes for the same work in float32 and in bfloat16, in seconds.
///
/// Its instructions do not tell: of two processors that have some for bfloat16, one computes three times as fast with it and one half as fast.
public struct ProcessorPace: Codable, Equatable, Sendable {
    public var float32, bfloat16: Double

    /// How much quicker bfloat16 must be, since its pictures are coarser.
    static let leastGain = 1.25

    /// How many times as fast bfloat16 is.
    var gain: Double { float32 / bfloat16 }

    public init(float32: Double, bfloat16: Double) {
        self.float32 = float32
        self.bfloat16 = bfloat16
    }

    /// Measures it on the thread that computes, in a second or two, where the user's cache does not have it yet.
    public static func known() throws -> ProcessorPace {
        try known(in: UserFolders.cache(ProcessInfo.processInfo.environment).appendingPathComponent("processor.json"), measured)
    }

    /// - Parameters:
    ///   - file: what was measured before, by what it depends on; written anew when that is not in it, and when it cannot be read.
    ///   - measure: measures it.
    static func known(in file: URL, _ measure: () throws -> ProcessorPace) throws -> ProcessorPace {
        var known = (try? JSONDecoder().decode([String: ProcessorPace].self, from: Data(contentsOf: file))) ?? [:]
        let key = "\(processor), \(Libtorch.threads) threads, libtorch \(Libtorch.version)"
        if let pace = known[key], pace.isSensible { return pace }
        let pace = try measure()
        known[key] = pace
        // Without a cache it is measured each time.
        try? FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        if let data = try? JSONEncoder().encode(known) { try? AtomicFile.write(data, to: file) }
        return pace
    }

    private static func measured() throws -> ProcessorPace {
        try Tensor.inference {
            ProcessorPace(float32: try UNet.secondsOfStep(in: .float32), bfloat16: try UNet.secondsOfStep(in: .bfloat16))
        }
    }

    private var isSensible: Bool { [float32, bfloat16].allSatisfy { $0 > 0 && $0.isFinite } }

    /// Its name and instructions, of which libtorch makes use.
    private static var processor: String {
        let lines = FileHandle(forReadingAtPath: "/proc/cpuinfo")?.readDataToEndOfFile() ?? Data()
        let told = String(decoding: lines, as: UTF8.self).split(separator: "\n").filter { line in
            ["model name", "flags", "Features", "CPU part"].contains { line.hasPrefix($0) }
        }
        // Those of the first core.
        return Digest.sha256(Data(told.prefix(2).joined(separator: "\n").utf8))
    }
}
