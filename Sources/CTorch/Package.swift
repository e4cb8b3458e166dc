// swift-tools-version: 6.1
import Foundation
import PackageDescription

/// The folder with libtorch's `include` and `lib`: `make setup` puts it, or a link to `$LIBTORCH`, here.
let libtorch = URL(fileURLWithPath: Context.packageDirectory)
    .appendingPathComponent("../../.deps/libtorch").standardizedFileURL.path

/// Linking with `--no-as-needed` keeps `libtorch_cuda.so`, where the build has one, so that CUDA registers itself.
let cudaLibraries =
    FileManager.default.fileExists(atPath: libtorch + "/lib/libtorch_cuda.so")
    ? ["-Xlinker", "--no-as-needed", "-ltorch_cuda", "-lc10_cuda", "-Xlinker", "--as-needed"] : []

let package = Package(
    name: "CTorch",
    products: [.library(name: "CTorch", type: .dynamic, targets: ["CTorch"])],
    targets: [
        .target(
            name: "CTorch",
            cxxSettings: [
                .unsafeFlags([
                    "-isystem", libtorch + "/include", "-isystem", libtorch + "/include/torch/csrc/api/include",
                    "-fvisibility=hidden", "-O2",
                ])
            ],
            linkerSettings: [
                .unsafeFlags(
                    ["-L" + libtorch + "/lib", "-Xlinker", "-rpath", "-Xlinker", libtorch + "/lib", "-ltorch_cpu", "-lc10"] + cudaLibraries)
            ])
    ],
    cxxLanguageStandard: .cxx20
)
