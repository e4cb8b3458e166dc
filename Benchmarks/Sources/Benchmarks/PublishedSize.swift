import Foundation
import Networks
import Tensors

/// Times the networks at published size on the CPU at 512 × 512 pixels, beside diffusers where Python has it.
struct PublishedSize {
    let pack: URL
    let reference: Reference?
    /// What the U-Net and MoVQ are timed in; other rows only count with float32.
    let types: [DataType]

    /// A form in which diffusers runs a network, and how many times as fast Fader should be.
    private struct Rival {
        let request: String
        let target: Double
    }

    func run() throws {
        print("\nPublished size, 512 × 512 pixels, batch 1; medians in milliseconds of runs that alternate")
        if let reference { print("beside \(try reference.versions()), as many threads") }
        try Tensor.inference {
            if types.contains(.float32) {
                try compare("1,000 additions of one number", runs: 25, [Rival(request: "additions", target: 1)], additions)
                try sparseAutoencoder()
            }
            for type in types {
                try movq(type, [Rival(request: "movq \(type.rawValue) channels-last", target: 1.5)])
                try unet(
                    type, [Rival(request: "unet \(type.rawValue) channels-last", target: 1.6), Rival(request: "unet float32", target: 5)])
            }
        }
    }

    private func additions() throws {
        let one = try Tensor.ones([1])
        for _ in 0..<1000 { _ = try one + one }
    }

    private func unet(_ type: DataType, _ rivals: [Rival]) throws {
        let folder = pack.appendingPathComponent("decoder/unet")
        let configuration = try UNetConfiguration(contentsOf: folder.appendingPathComponent("config.json"))
        let source = CheckpointSource(try WeightFiles.open(in: folder, stem: "diffusion_pytorch_model"), as: type)
        let network = try UNet(configuration, Weights(source))
        let generator = try Generator(seed: 1)
        let latents = try generator.normal([1, configuration.inputChannels, 64, 64])
        let condition = try network.condition(generator.normal([1, configuration.embeddingWidth]))
        let timestep = try Tensor.full([1], 500)
        try compare("U-Net in \(type.rawValue)", runs: 5, rivals) { _ = try network(latents, timesteps: timestep, condition) }
    }

    private func movq(_ type: DataType, _ rivals: [Rival]) throws {
        let folder = pack.appendingPathComponent("decoder/movq")
        let configuration = try MoVQConfiguration(contentsOf: folder.appendingPathComponent("config.json"))
        let source = CheckpointSource(try WeightFiles.open(in: folder, stem: "diffusion_pytorch_model"), as: type)
        let network = try MoVQ(configuration, Weights(source))
        let latents = try Generator(seed: 1).normal([1, configuration.latentChannels, 64, 64])
        try compare("MoVQ decoding in \(type.rawValue)", runs: 5, rivals) { _ = try network.decode(latents) }
    }

    /// Encoding is bound by memory: at best it takes as long as reading the encoder once.
    private func sparseAutoencoder() throws {
        let file = try WeightFiles.open(in: pack.appendingPathComponent("sae"), stem: "model")
        guard let shape = file.entry("encoder.weight")?.shape else { return }
        let autoencoder = try SparseAutoencoder(Weights(CheckpointSource(file)), count: shape[0], width: shape[1])
        let encoder = try file.tensor("encoder.weight").to(.float32).cloned()
        let embedding = try Generator(seed: 1).normal([1, shape[1]])
        let (own, read) = try Self.alternating(
            runs: 9, { _ = try autoencoder.encode(embedding).top(64) }, { try Self.milliseconds { _ = try encoder.sum() } })
        report("\(shape[0]) features and the largest 64", own)
        report(
            "  reading the encoder once", read,
            "takes \(Self.text(own / read)) times as long; target 1.3: \(own <= 1.3 * read ? "" : "not ")reached")
        try edits(autoencoder, embedding)
    }

    private func edits(_ autoencoder: SparseAutoencoder, _ embedding: Tensor) throws {
        // Features far from each other: near ones would share what is read.
        let changes = (0..<256).map { (feature: $0 * 7919 % autoencoder.count, amount: Float($0)) }
        let (many, one) = try Self.alternating(
            runs: 25, { _ = try autoencoder.moved(embedding, by: changes) },
            { try Self.milliseconds { _ = try autoencoder.moved(embedding, by: Array(changes.prefix(1))) } })
        report("256 edits", many)
        report("  one edit", one, "256 take \(Self.text(many - one)) ms more; target 1: \(many - one < 1 ? "" : "not ")reached")
    }

    private func compare(_ name: String, runs: Int, _ rivals: [Rival], _ work: () throws -> Void) throws {
        try work()
        guard let reference else {
            let times = try (0..<runs).map { _ in try Self.milliseconds(work) }.sorted()
            return report(name, times[runs / 2])
        }
        for rival in rivals {
            let (own, other) = try Self.alternating(runs: runs, work) { try reference.milliseconds(rival.request) ?? .nan }
            report(name, own)
            let verdict = other >= rival.target * own ? "reached" : "not reached"
            report(
                "  Python, \(rival.request)", other,
                "Fader is \(Self.text(other / own)) times as fast; target \(rival.target): \(verdict)")
        }
    }

    /// The medians of two kinds of runs that alternate.
    private static func alternating(runs: Int, _ work: () throws -> Void, _ other: () throws -> Double) throws -> (Double, Double) {
        var times: (own: [Double], other: [Double]) = ([], [])
        for _ in 0..<runs {
            times.own.append(try milliseconds(work))
            times.other.append(try other())
        }
        return (times.own.sorted()[runs / 2], times.other.sorted()[runs / 2])
    }

    private static func milliseconds(_ work: () throws -> Void) throws -> Double {
        let start = ContinuousClock.now
        try work()
        return (ContinuousClock.now - start) / .milliseconds(1)
    }

    private func report(_ name: String, _ milliseconds: Double, _ verdict: String = "") {
        print(name.padding(toLength: 46, withPad: " ", startingAt: 0), Self.text(milliseconds), verdict)
    }

    private static func text(_ value: Double) -> String { String(format: "%.2f", value) }
}
