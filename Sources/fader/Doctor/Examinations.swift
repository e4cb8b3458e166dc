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
        return Examination(
            subject: "libtorch",
            findings: [
                Finding("version", Libtorch.version),
                Finding("build", settings?.contains("USE_CUDA=1") == true || Device.cudaCount > 0 ? "CUDA" : "CPU"),
                Finding("libraries", .list(libraries)),
                Finding("settings", settings ?? "unknown"),
            ])
    }

    /// What there is to compute with.
    static func processor() -> Examination {
        let capability = Libtorch.buildDescription.split(separator: "\n").first { $0.contains("CPU capability usage:") }
        return Examination(
            subject: "processor",
            findings: [
                Finding("name", Machine.processor ?? "unknown"),
                Finding("cores", .number(ProcessInfo.processInfo.activeProcessorCount)),
                Finding("instructions", .list(Machine.vectorInstructions)),
                Finding("used by libtorch", capability?.split(separator: " ").last.map(String.init) ?? "unknown"),
                Finding("memory", size(Int(clamping: ProcessInfo.processInfo.physicalMemory))),
                Finding("memory available", Machine.availableMemory.map(size) ?? "unknown"),
            ])
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
        do {
            let place = try Device(named: device)
            let choice = try Precision.choice(dataType, on: place)
            findings = [
                Finding("device", place.description), Finding("type", choice.dataType.rawValue), Finding("why", choice.reason),
                Finding("bfloat16 in the processor", .flag(!bfloat16.isDisjoint(with: Machine.vectorInstructions))),
            ]
        } catch {
            findings = [Finding("type", "none", advice: String(describing: error))]
        }
        return Examination(subject: "precision", findings: findings)
    }

    /// The libraries that read pictures.
    static func pictures() -> Examination {
        Examination(subject: "pictures", findings: Codec.all.map { Finding($0.format, "\($0.library) \($0.version)") })
    }

    /// The pack that commands use when none is named.
    static func pack(_ folder: URL) -> Examination {
        let path = Finding("folder", folder.path)
        do {
            let pack = try Pack(folder)
            let placement = try? Placement(of: pack)
            let place = placement.map { Finding("auto", "\($0.device) in \($0.dataType.rawValue), since \($0.reason)") }
            return Examination(
                subject: "pack", findings: [path, Finding("found", .flag(true)), Finding("name", pack.name)] + [place].compactMap(\.self))
        } catch {
            return Examination(subject: "pack", findings: [path, Finding("found", .flag(false), advice: String(describing: error))])
        }
    }

    private static let bfloat16: Set = ["avx512_bf16", "amx_bf16", "bf16"]

    private static func size(_ bytes: Int) -> String {
        String(format: "%.1f GiB", Double(bytes) / 1_073_741_824)
    }
}
