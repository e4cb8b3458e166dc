// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "fader",
    products: [.executable(name: "fader", targets: ["fader"])],
    dependencies: [
        .package(path: "Sources/CTorch"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    ],
    targets: [
        .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CJPEG", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
        .systemLibrary(name: "CSixel", providers: [.apt(["libsixel-dev"])]),
        .systemLibrary(name: "CWebP", providers: [.apt(["libwebp-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

        .target(name: "Tensors", dependencies: [.product(name: "CTorch", package: "CTorch")]),
        .target(name: "Networks", dependencies: ["Tensors"]),
        .target(name: "Pictures", dependencies: ["CZlib", "CJPEG", "CWebP"]),
        .target(name: "Steering", dependencies: ["Networks", "Pictures", "CCrypto"]),
        .target(name: "Scenes"),
        .target(name: "Training", dependencies: ["Networks", "Scenes"]),
        .target(name: "Terminal", dependencies: ["CNcurses", "CSixel"]),
        .target(name: "Playground", dependencies: ["Steering", "Terminal", "Pictures"]),
        .executableTarget(
            name: "fader",
            dependencies: [
                "Steering", "Pictures", "Scenes", "Training", "Terminal", "Playground",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .target(name: "TerminalTestSupport", path: "Tests/TerminalTestSupport"),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors"], resources: [.copy("Fixtures")]),
        .testTarget(name: "PicturesTests", dependencies: ["Pictures", "CZlib"], resources: [.copy("Fixtures")]),
        .testTarget(name: "ScenesTests", dependencies: ["Scenes"]),
        .testTarget(name: "TrainingTests", dependencies: ["Training", "Networks"]),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal", "TerminalTestSupport"]),
        .testTarget(
            name: "PlaygroundTests", dependencies: ["Playground", "Steering", "Terminal", "Pictures", "TerminalTestSupport"],
            exclude: ["Fixtures"]),
    ],
    swiftLanguageModes: [.v6]
)
