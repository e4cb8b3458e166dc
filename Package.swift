// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "fader",
    dependencies: [
        .package(path: "Sources/CTorch")
    ],
    targets: [
        .target(name: "Tensors", dependencies: [.product(name: "CTorch", package: "CTorch")]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
    ],
    swiftLanguageModes: [.v6]
)
