import Foundation

/// What Linux tells of the machine.
enum Machine {
    /// The processor's name; nil when the system does not tell.
    static var processor: String? { processorLine("model name") }

    /// The instructions that matter to networks, as the processor names them.
    static var vectorInstructions: [String] {
        let known = ["avx2", "avx512f", "avx512_bf16", "avx512_fp16", "amx_bf16", "asimd", "bf16", "sve"]
        let flags = Set((processorLine("flags") ?? processorLine("Features") ?? "").split(separator: " ").map(String.init))
        return known.filter(flags.contains)
    }

    /// Memory that programs can still have, in bytes; nil when the system does not tell.
    static var availableMemory: Int? {
        let line = lines(of: "/proc/meminfo").first { $0.hasPrefix("MemAvailable:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }

    private static func processorLine(_ name: String) -> String? {
        let line = lines(of: "/proc/cpuinfo").first { $0.hasPrefix(name) }
        return line?.split(separator: ":", maxSplits: 1).dropFirst().first?.trimmingCharacters(in: .whitespaces)
    }

    private static func lines(of path: String) -> [Substring] {
        // The files of /proc have no size, so they are read to their end instead of as a whole.
        guard let data = FileHandle(forReadingAtPath: path)?.readDataToEndOfFile() else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }
}

/// Settings of OpenMP that make Fader slow.
enum ThreadAdvice {
    /// What to do about a setting; nil when it does no harm.
    static func advice(on name: String, _ value: String, cores: Int) -> String? {
        switch name {
        case "OMP_NUM_THREADS", "MKL_NUM_THREADS":
            guard let count = Int(value), count > 0 else { return nil }
            if count < cores { return "\(name)=\(value) leaves cores idle: there are \(cores)." }
            return count > cores ? "\(name)=\(value) is more than the \(cores) cores: threads will wait for each other." : nil
        case "OMP_WAIT_POLICY" where value.lowercased() == "active":
            return "OMP_WAIT_POLICY=active keeps cores busy with waiting: unset it, or set it to passive."
        case "OMP_PROC_BIND" where !["false", ""].contains(value.lowercased()):
            return "OMP_PROC_BIND=\(value) ties threads to cores, which other programs may be using: unset it."
        default: return nil
        }
    }
}
