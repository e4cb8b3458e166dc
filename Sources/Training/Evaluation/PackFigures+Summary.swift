import Foundation

extension PackFigures {
    /// Writes all figures as JSON, replacing the file at once.
    public func write(to file: URL) throws { try write(asJSONTo: file) }

    /// The figures that say most, one to a line.
    public var summary: String {
        let reached = steering.filter { $0.method == SteeringMethod.feature.rawValue }
        return [
            line("reader, scenes", reader["mean"], percent),
            line("reader, reconstructions", autoencoder.reader["mean"], percent),
            line("autoencoder", autoencoder.psnr, decibels),
            line("probes, worst factor", clip.probes.values.min { $0.value < $1.value }, percent),
            line("caption to picture", clip.retrieval, percent),
            line("variance unexplained", sparse.unexplained, percent),
            line("features active", sparse.active) { String(format: "%.1f", $0) },
            "features recovered      \(percent(sparse.recovered))",
            line("reader, from noise", decoder.fromNoise["mean"], percent),
            line("from inversion", decoder.fromInversion, decibels),
            "steered to the value    \(percent(Self.median(reached.map(\.reached.value)))) (median over values)",
            "other factors kept      \(percent(Self.median(reached.map(\.kept.value)))) (median over values)",
        ].compactMap { $0 }.joined(separator: "\n")
    }

    private func line(_ name: String, _ figure: Measurement?, _ format: (Double) -> String) -> String? {
        figure.map {
            name.padding(toLength: 24, withPad: " ", startingAt: 0) + "\(format($0.value)) (\(format($0.low)) to \(format($0.high)))"
        }
    }

    private func percent(_ part: Double) -> String { String(format: "%.1f %%", part * 100) }

    private func decibels(_ value: Double) -> String { String(format: "%.1f dB", value) }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
