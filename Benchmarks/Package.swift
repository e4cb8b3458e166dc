// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "fader", path: "..")],
    targets: [
        .executableTarget(
            name: "Benchmarks",
            dependencies: ["Tensors", "Networks", "Pictures", "Steering", "Terminal", "Training"].map {
                .product(name: $0, package: "fader")
            })
    ],
    swiftLanguageModes: [.v6]
)
