import Foundation
import Networks
import Tensors
import Testing

/// The configs and lists of parameters of the published networks, where they lie next to the package.
private let publishedConfigurations = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    .appendingPathComponent("../shared/configs").standardizedFileURL

extension TorchTests {
    /// The networks that texts need, at published size: their parameters against the lists of the published files.
    @Suite(
        "Published parameters",
        .enabled(
            if: FileManager.default.fileExists(atPath: publishedConfigurations.path),
            "The published models' configs are not beside the package."))
    struct PublishedShapesTests {
        /// Notes what a network asks for, and gives it one number that stands for all.
        private final class Recorder: ParameterSource {
            let weightsMayChange = true
            private(set) var shapes: [String: [Int]] = [:]

            func contains(_ name: String) -> Bool { false }

            func parameter(_ name: String, shape: [Int], initially: Initialisation, channelsLast: Bool) throws -> Tensor {
                shapes[name] = shape
                return try Tensor.zeros(shape.map { _ in 1 }).expanded(shape)
            }
        }

        /// Lines of a name, a tab and a tuple.
        private func published(_ name: String) throws -> [String: [Int]] {
            let text = try String(contentsOf: publishedConfigurations.appendingPathComponent("\(name)_shapes.txt"), encoding: .utf8)
            return Dictionary(
                uniqueKeysWithValues: text.split(separator: "\n").map { line in
                    let parts = line.split(separator: "\t")
                    return (String(parts[0]), parts[1].split { !$0.isNumber }.compactMap { Int($0) })
                })
        }

        private func config(_ name: String) -> URL { publishedConfigurations.appendingPathComponent("\(name).json") }

        @Test("The text tower's") func textTower() throws {
            let source = Recorder()
            _ = try TextTower(TextTowerConfiguration(contentsOf: config("prior_text_encoder")), Weights(source))
            #expect(try source.shapes == published("prior_text_encoder"))
        }

        @Test("The prior's") func prior() throws {
            let source = Recorder()
            _ = try Prior(PriorConfiguration(contentsOf: config("prior_prior")), Weights(source))
            #expect(try source.shapes == published("prior_prior"))
        }
    }
}
