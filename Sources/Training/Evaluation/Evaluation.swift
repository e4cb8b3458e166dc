import Foundation
import Networks
import Scenes
import Tensors

/// Measures a pack on held-out scenes.
public struct Evaluation {
    /// How much is looked at: more takes longer and makes the intervals narrower.
    public struct Settings: Sendable, Codable, Equatable {
        /// Held-out scenes that are embedded, encoded and read.
        public var scenes: Int
        /// Training scenes that probes and features are chosen on.
        public var trainingScenes: Int
        /// Held-out scenes that are drawn by diffusion, and those that are inverted first.
        public var drawn, inverted: Int
        /// Held-out scenes that are steered to each factor value.
        public var steered: Int
        /// The factors whose values they are steered to.
        public var steeredFactors: [Factor]
        public var steps, invertSteps: Int
        /// What pictures are drawn from noise with, beside drawing them without guidance.
        public var guidance: Double

        public init(
            scenes: Int = 2000, trainingScenes: Int = 8192, drawn: Int = 512, inverted: Int = 64, steered: Int = 16,
            steeredFactors: [Factor] = Factor.allCases, steps: Int = 20,
            invertSteps: Int = 40, guidance: Double = 3
        ) {
            self.scenes = scenes
            self.trainingScenes = trainingScenes
            self.drawn = drawn
            self.inverted = inverted
            self.steered = steered
            self.steeredFactors = steeredFactors
            self.steps = steps
            self.invertSteps = invertSteps
            self.guidance = guidance
        }
    }

    let settings: Settings
    let pack: PackNetworks
    let factorReader: FactorReader
    let training, heldOut: SceneBank
    /// Of all scenes of the banks, `[count, width]`.
    let trainingEmbeddings, embeddings: Tensor

    /// How many are computed at once.
    static var batch: Int { Device.ambient.examples(16) }

    /// - Parameters:
    ///   - folder: the pack to measure.
    ///   - reader: the weights of the factor reader.
    ///   - settings: how many scenes are used for what.
    ///   - report: called with what begins.
    /// - Throws: when a part of the pack is missing or broken, or its pictures are not of the size of the drawn scenes.
    public init(pack folder: URL, reader: URL, settings: Settings = Settings(), report: (String) -> Void = { _ in }) throws {
        self.settings = settings
        report("embedding scenes")
        let pack = try PackNetworks(contentsOf: folder)
        let side = pack.imageTower.configuration.imageSize
        factorReader = try FactorReader(contentsOf: reader, side: side)
        let training = try SceneBank(count: settings.trainingScenes, side: side)
        let heldOut = try SceneBank(seed: SceneBank.heldOutSeed, count: settings.scenes, side: side)
        (trainingEmbeddings, embeddings) = try Tensor.withoutGradients {
            (try pack.embeddings(of: training), try pack.embeddings(of: heldOut))
        }
        self.pack = pack
        self.training = training
        self.heldOut = heldOut
    }

    /// Everything that is measured.
    /// - Parameters:
    ///   - journal: remembers what was measured before an interruption.
    ///   - stop: ends the work between two parts when it is set.
    ///   - report: called with what begins.
    /// - Throws: `CancellationError` when `stop` was set.
    public func figures(
        _ journal: EvaluationJournal, stop: StopSignal = StopSignal(), report: (String) -> Void = { _ in }
    ) throws -> PackFigures {
        func part<Figures: Codable>(_ name: String, _ measure: () throws -> Figures) throws -> Figures {
            if stop.isSet { throw CancellationError() }
            report(name)
            return try journal.part(name, measure)
        }
        return try Tensor.withoutGradients {
            let moves = try SteeringMoves(pack.sparseAutoencoder, training, trainingEmbeddings)
            let targets = moves.choice.choices.filter { settings.steeredFactors.contains($0.factor) }
            return PackFigures(
                scenes: settings.scenes, drawn: settings.drawn, steered: settings.steered, reader: try part("reader", readings),
                autoencoder: try part("autoencoder", autoencoder), clip: try part("towers", clip),
                sparse: try part("sparse autoencoder") { try sparse(moves.choice) }, decoder: try part("decoder", decoder),
                values: try targets.map { target in
                    try part("steering, \(target.factor.phrase(target.value))") { try steering(target, moves) }
                }, stacks: try part("stacks") { try stacks(moves.choice) },
                transfer: try settings.steeredFactors.map { factor in
                    try part("transfer, \(factor.rawValue)") { try transfer(factor, moves.choice) }
                },
                directions: try settings.steeredFactors.flatMap { factor in
                    try part("directions, \(factor.rawValue)") { try directions(factor) }
                })
        }
    }

    private func readings() throws -> [String: Measurement] {
        var hits = FactorHits()
        for indices in try heldOut.batches(of: Self.batch) {
            hits.add(try factorReader.readings(of: heldOut.pictures(indices)), expected: try scenes(indices))
        }
        return try hits.measured()
    }

    func scenes(_ indices: Tensor) throws -> [Scene] { try indices.integers().map { heldOut.scenes[$0] } }

    /// Noise `[count, channels, height, width]` that each of these scenes is always drawn from.
    func noise(for places: [Int]) throws -> Tensor {
        let side = heldOut.side / pack.movq.configuration.downscaling
        let shape = [1, pack.movq.configuration.latentChannels, side, side]
        return try Tensor.concatenated(
            places.map { try stepGenerator(seed: SceneBank.heldOutSeed, step: $0).normal(shape) }, dimension: 0)
    }
}
