// swift-tools-version: 6.1
import Foundation
import PackageDescription

/// The folder with libtorch's `include` and `lib`: `make setup` puts it, or a link to `$LIBTORCH`, here.
let libtorch = URL(fileURLWithPath: Context.packageDirectory)
    .appendingPathComponent("../../.deps/libtorch").standardizedFileURL.path

let hasCUDA = FileManager.default.fileExists(atPath: libtorch + "/lib/libtorch_cuda.so")

/// Linking with `--no-as-needed` keeps `libtorch_cuda.so`, where the build has one, so that CUDA registers itself.
let cudaLibraries = hasCUDA ? ["-Xlinker", "--no-as-needed", "-ltorch_cuda", "-lc10_cuda", "-Xlinker", "--as-needed"] : []

/// Where CUDA's headers may be: beside the wheel (in parts, one of them in Triton's) or in the toolkit.
let headerFolders =
    ["nvidia/cu13/include", "nvidia/cuda_runtime/include", "triton/backends/nvidia/include"].map { libtorch + "/../" + $0 }
    + [(Context.environment["CUDA_HOME"] ?? "/usr/local/cuda") + "/include"]

/// CUDA graphs need these headers; without them everything else still runs on CUDA devices.
let hasHeaders =
    hasCUDA
    && ["cuda.h", "cuda_runtime_api.h", "crt/host_config.h"].allSatisfy { header in
        headerFolders.contains { FileManager.default.fileExists(atPath: $0 + "/" + header) }
    }

let cudaHeaders = hasHeaders ? ["-DCTORCH_CUDA"] + headerFolders.flatMap { ["-isystem", $0] } : []

let package = Package(
    name: "CTorch",
    products: [.library(name: "CTorch", type: .dynamic, targets: ["CTorch"])],
    targets: [
        .target(
            name: "CTorch",
            cxxSettings: [
                .unsafeFlags(
                    [
                        "-isystem", libtorch + "/include", "-isystem", libtorch + "/include/torch/csrc/api/include",
                        "-fvisibility=hidden", "-O2",
                    ] + cudaHeaders)
            ],
            linkerSettings: [
                .unsafeFlags(
                    ["-L" + libtorch + "/lib", "-Xlinker", "-rpath", "-Xlinker", libtorch + "/lib", "-ltorch_cpu", "-lc10"] + cudaLibraries)
            ])
    ],
    cxxLanguageStandard: .cxx20
)
