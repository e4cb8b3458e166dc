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
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CJPEG", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CWebP", providers: [.apt(["libwebp-dev"])]),
        .target(name: "Tensors", dependencies: [.product(name: "CTorch", package: "CTorch")]),
        .target(name: "Networks", dependencies: ["Tensors"]),
        .target(name: "Pictures", dependencies: ["CZlib", "CJPEG", "CWebP"]),
        .target(name: "Steering", dependencies: ["Networks", "Pictures", "CCrypto"]),
        .executableTarget(
            name: "fader",
            dependencies: ["Steering", "Pictures", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    ],
    swiftLanguageModes: [.v6]
)
