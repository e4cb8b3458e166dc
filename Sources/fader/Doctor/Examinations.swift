import Foundation
import Pictures
import Steering
import Tensors
import Terminal

extension Examination {
    /// The library that computes.
    static func libtorch() -> Examination {
        let build = Libtorch.buildDescription.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let libraries = build.filter { line in ["- Intel(R)", "- OpenMP", "- CUDA Runtime", "- CuDNN"].contains { line.hasPrefix($0) } }
            .map { String($0.dropFirst(2)) }
        let settings = build.first { $0.hasPrefix("- Build settings:") }.map {
            String($0.dropFirst(17)).trimmingCharacters(in: .whitespaces)
        }
        let kind = settings?.contains("USE_CUDA=1") == true || Device.cudaCount > 0 ? "CUDA" : "CPU"
        return Examination(
            subject: "libtorch",
            findings: [Finding("version", Libtorch.version), Finding("build", kind), Finding("libraries", .list(libraries))],
            summary: "\(Libtorch.version), built for \(kind)")
    }

    /// What there is to compute with.
    static func processor() -> Examination {
        let capability = Libtorch.buildDescription.split(separator: "\n").first { $0.contains("CPU capability usage:") }
        let (cores, name) = (ProcessInfo.processInfo.activeProcessorCount, Machine.processor ?? "unknown")
        let total = size(Int(clamping: ProcessInfo.processInfo.physicalMemory))
        return Examination(
            subject: "processor",
            findings: [
                Finding("name", name),
                Finding("cores", .number(cores)),
                Finding("instructions", .list(Machine.vectorInstructions)),
                Finding("used by libtorch", capability?.split(separator: " ").last.map(String.init) ?? "unknown"),
                Finding("memory", total),
                Finding("memory available", Machine.availableMemory.map(size) ?? "unknown"),
            ], summary: "\(name), \(cores) cores, \(Machine.availableMemory.map(size) ?? "unknown") of \(total) free")
    }

    /// CUDA devices.
    static func devices() -> Examination {
        let count = Device.cudaCount
        return Examination(
            subject: "devices",
            findings: [Finding("cuda", .number(count)), Finding("auto", Device.preferred.description)]
                + CUDADevice.all.map { device in
                    Finding(
                        "cuda:\(device.index)", "\(device.name), \(size(device.availableMemory)) of \(size(device.totalMemory)) free")
                })
    }

    /// How many threads compute, and what in the environment changes it.
    static func threads(_ environment: [String: String]) -> Examination {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let names = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "OMP_PROC_BIND", "OMP_DYNAMIC"]
        let settings = names.compactMap { name in
            environment[name].map { Finding(name, $0, advice: ThreadAdvice.advice(on: name, $0, cores: cores)) }
        }
        return Examination(subject: "threads", findings: [Finding("per operation", .number(Libtorch.threads))] + settings)
    }

    /// Which numbers the networks compute with.
    static func precision(device: String, dataType: String) -> Examination {
        let findings: [Finding]
        var summary: String?
        do {
            let place = try Device(named: device)
            let choice = try Precision.choice(dataType, on: place)
            findings = [
                Finding("device", place.description), Finding("type", choice.dataType.rawValue), Finding("why", choice.reason),
                Finding("bfloat16 in the processor", .flag(!bfloat16.isDisjoint(with: Machine.vectorInstructions))),
            ]
            summary = "\(choice.dataType.rawValue) on \(place), since \(choice.reason)"
        } catch {
            findings = [Finding("type", "none", advice: Sentence.of(error))]
        }
        return Examination(subject: "precision", findings: findings, summary: summary)
    }

    /// The libraries that read pictures.
    static func pictures() -> Examination {
        Examination(subject: "pictures", findings: Codec.all.map { Finding($0.format, "\($0.library) \($0.version)") })
    }

    /// The pack that commands use when none is named.
    static func pack(_ folder: () throws -> URL) -> Examination {
        let named: URL
        do { named = try folder() } catch {
            return Examination(
                subject: "pack", findings: [Finding("found", .flag(false), advice: Sentence.of(error))], summary: "none is found")
        }
        let path = Finding("folder", named.path)
        do {
            let pack = try Pack(named)
            let placement = try? Placement(of: pack)
            let place = placement.map { Finding("auto", "\($0.device) in \($0.dataType.rawValue), since \($0.reason)") }
            return Examination(
                subject: "pack", findings: [path, Finding("found", .flag(true)), Finding("name", pack.name)] + [place].compactMap(\.self),
                summary: "\(pack.name), in \(named.path)")
        } catch {
            return Examination(
                subject: "pack", findings: [path, Finding("found", .flag(false), advice: Sentence.of(error))],
                summary: "none in \(named.path)")
        }
    }

    private static let bfloat16: Set = ["avx512_bf16", "amx_bf16", "bf16"]

    private static func size(_ bytes: Int) -> String {
        String(format: "%.1f GiB", Double(bytes) / 1_073_741_824)
    }
}
