// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "fader",
    products: [.executable(name: "fader", targets: ["fader"])]
        + ["Tensors", "Networks", "Diffusion", "Pictures", "Steering", "Terminal", "Training"].map { .library(name: $0, targets: [$0]) },
    dependencies: [
        .package(path: "Sources/CTorch"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CJPEG", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CLCMS", providers: [.apt(["liblcms2-dev"])]),
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
        .systemLibrary(name: "CSixel", providers: [.apt(["libsixel-dev"])]),
        .systemLibrary(name: "CSpawn"),
        .systemLibrary(name: "CWebP", providers: [.apt(["libwebp-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

        .target(name: "Files", dependencies: ["CZlib"]),
        .target(name: "Tensors", dependencies: ["Files", .product(name: "CTorch", package: "CTorch")]),
        .target(name: "Networks", dependencies: ["Files", "Tensors"]),
        .target(name: "Diffusion", dependencies: ["Networks", "Tensors"]),
        .target(name: "Pictures", dependencies: ["Files", "CZlib", "CJPEG", "CLCMS", "CWebP"]),
        .target(
            name: "Steering",
            dependencies: ["Diffusion", "Files", "Networks", "Pictures", "CCrypto", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "Randomness"),
        .target(name: "Scenes", dependencies: ["Randomness"]),
        .target(name: "Training", dependencies: ["Diffusion", "Files", "Networks", "Pictures", "Randomness", "Scenes", "Steering"]),
        .target(
            name: "Jobs", dependencies: ["CSpawn", "Files", "Pictures", "Steering", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(name: "Terminal", dependencies: ["CNcurses", "CSixel", "CZlib"]),
        .target(name: "Playground", dependencies: ["Files", "Jobs", "Randomness", "Steering", "Terminal", "Pictures"]),
        .target(
            name: "Server",
            dependencies: [
                "Files", "Jobs", "Pictures", "Steering", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ], resources: [.embedInCode("Page/index.html"), .embedInCode("openapi.json")]),
        .executableTarget(
            name: "fader",
            dependencies: [
                "Files", "Pictures", "Steering", "Jobs", "Scenes", "Training", "Terminal", "Playground", "Server",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .executableTarget(name: "SteeringExample", dependencies: ["Steering", "Pictures"], path: "Examples/SteeringExample"),

        .target(name: "TestSupport", dependencies: ["Randomness"], path: "Tests/TestSupport"),
        .target(name: "TerminalTestSupport", path: "Tests/TerminalTestSupport"),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "Files", "TestSupport"], resources: [.copy("Fixtures")]),
        .testTarget(name: "PicturesTests", dependencies: ["Pictures", "Files", "CZlib", "TestSupport"], resources: [.copy("Fixtures")]),
        .testTarget(name: "NetworksTests", dependencies: ["Networks", "TestSupport"], resources: [.copy("Fixtures")]),
        .testTarget(name: "DiffusionTests", dependencies: ["Diffusion", "Networks", "Tensors"]),
        .testTarget(
            name: "SteeringTests", dependencies: ["Steering", "Diffusion", "Networks", "Pictures", "TestSupport"],
            resources: [.copy("Fixtures")]),
        .testTarget(name: "ScenesTests", dependencies: ["Randomness", "Scenes", "Files"]),
        .testTarget(name: "TrainingTests", dependencies: ["Training", "Diffusion", "Networks", "Steering"]),
        .testTarget(name: "JobsTests", dependencies: ["Jobs", "Steering", "Pictures", "TestSupport"]),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Files", "Jobs", "Pictures", "Steering", "TestSupport", .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            exclude: ["Clients"]),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal", "TerminalTestSupport", "TestSupport"]),
        .testTarget(
            name: "PlaygroundTests",
            dependencies: ["Playground", "Jobs", "Randomness", "Steering", "Terminal", "Pictures", "TerminalTestSupport"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "faderTests",
            dependencies: ["fader", "SteeringExample", "Files", "Jobs", "Pictures", "Steering", "TerminalTestSupport", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)

// A sanitizer needs a build of its own: `Scripts/sanitize` names the test targets it runs, and nothing else is built.
if let names = Context.environment["FADER_TEST_TARGETS"]?.split(separator: ",").map(String.init) {
    var kept: Set<String> = []
    func keep(_ name: String) {
        guard let target = package.targets.first(where: { $0.name == name }), kept.insert(name).inserted else { return }
        for case .byNameItem(let name, _) in target.dependencies { keep(name) }
    }
    names.forEach(keep)
    package.targets.removeAll { !kept.contains($0.name) }
    package.products = []
}
