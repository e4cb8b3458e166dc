import ArgumentParser
import Foundation
import Tensors
import Training

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train the demo pack's networks on drawn scenes.",
        discussion: """
            Ctrl-C saves; the same command with --resume goes on from there, and demo always does. All stages compute in float32, which is as fast as it gets on \
            processors without bfloat16 units.
            """,
        subcommands: [
            Demo.self, Autoencoder.self, Refinement.self, Clip.self, Decoder.self, TrainSparseAutoencoder.self, Reader.self,
            TrainEvaluate.self,
        ])

    struct Options: ParsableArguments {
        @Option(help: ArgumentHelp("Holds checkpoints, logs and finished weights.", valueName: "dir"))
        var folder = "training"

        @OptionGroup var common: EngineOptions

        /// Runs `body` with a signal that Ctrl-C sets.
        func training(_ body: (DemoTraining, StopSignal) throws -> Void) throws {
            let log = try Log(common.log)
            log.write("training in \(folder)")
            if let threads = common.threads { try Libtorch.setThreads(threads) }
            let stop = StopSignal()
            let signals = stop.setOnInterrupt()
            defer { for signal in signals { signal.cancel() } }
            try Device.$ambient.withValue(Device(named: common.device)) {
                try body(DemoTraining(folder: URL(fileURLWithPath: folder)), stop)
            }
            if stop.isSet { throw CancellationError() }
            log.write("done")
        }
    }

    /// How long one stage lasts, and whether it goes on with what was begun.
    struct Length: ParsableArguments {
        @Option(help: ArgumentHelp("Train for this long, interruptions not counted.", valueName: "m"))
        var minutes: Double?

        @Option(help: ArgumentHelp("Train for this many steps.", valueName: "n"))
        var steps: Int?

        @Option(help: ArgumentHelp("Save after every so many seconds of training; a killed run loses no more.", valueName: "s"))
        var saveEvery = 60.0

        @Flag(help: "Go on with the run in the folder.")
        var resume = false

        func validate() throws {
            if minutes != nil && steps != nil { throw ValidationError("Give --minutes or --steps, not both.") }
            if let minutes, !(minutes > 0 && minutes.isFinite) { throw ValidationError("--minutes must be greater than 0.") }
            if let steps, steps < 1 { throw ValidationError("--steps must be at least 1.") }
            if !(saveEvery >= 0 && saveEvery.isFinite) { throw ValidationError("--save-every must not be negative.") }
        }

        /// What was asked for, if anything was.
        var asked: TrainingOptions.Length? { minutes.map { .minutes($0) } ?? steps.map { .steps($0) } }
    }

    /// How one stage learns where that shall differ from how the demo pack is made.
    struct Learning: ParsableArguments {
        @Option(help: ArgumentHelp("Examples in a step.", valueName: "n"))
        var batch: Int?

        @Option(help: ArgumentHelp("The highest learning rate.", valueName: "rate"))
        var rate: Double?

        @Option(help: ArgumentHelp("Draw this many scenes to train on.", valueName: "n"))
        var scenes: Int?

        func validate() throws {
            if let batch, !(1...1_048_576).contains(batch) { throw ValidationError("--batch must lie between 1 and 1,048,576.") }
            if let rate, !(rate > 0 && rate.isFinite) { throw ValidationError("--rate must be greater than 0.") }
            if let scenes, !(1...1_048_576).contains(scenes) { throw ValidationError("--scenes must lie between 1 and 1,048,576.") }
        }

        func applied(to plan: DemoTraining.Plan) -> DemoTraining.Plan {
            DemoTraining.Plan(
                length: plan.length, batch: batch ?? plan.batch, learningRate: rate ?? plan.learningRate, scenes: scenes ?? plan.scenes)
        }
    }

    struct Demo: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Train every stage and write the pack.")

        @Option(help: ArgumentHelp("Where the pack goes.", valueName: "dir"))
        var output = "assets/demo"

        @OptionGroup var options: Options

        func run() throws {
            try options.training { training, stop in
                if case .finished = try training.run(stop: stop) { try PackExport(training, to: URL(fileURLWithPath: output)).write() }
            }
        }
    }

    struct Autoencoder: StageCommand {
        static let configuration = CommandConfiguration(abstract: "Train the autoencoder between pictures and latents.")
        static let stage = DemoTraining.Stage.autoencoder
        @OptionGroup var options: Options
        @OptionGroup var length: Length
        @OptionGroup var learning: Learning
    }

    struct Refinement: StageCommand {
        static let configuration = CommandConfiguration(
            abstract: "Train the autoencoder's decoding half further; its latents stay as they are.")
        static let stage = DemoTraining.Stage.refinement
        @OptionGroup var options: Options
        @OptionGroup var length: Length
        @OptionGroup var learning: Learning
    }

    struct Clip: StageCommand {
        static let configuration = CommandConfiguration(abstract: "Train CLIP's image and text towers.")
        static let stage = DemoTraining.Stage.clip
        @OptionGroup var options: Options
        @OptionGroup var length: Length
        @OptionGroup var learning: Learning
    }

    struct Reader: StageCommand {
        static let configuration = CommandConfiguration(abstract: "Train the reader of factors that judges what a pack draws.")
        static let stage = DemoTraining.Stage.reader
        @OptionGroup var options: Options
        @OptionGroup var length: Length
        @OptionGroup var learning: Learning
    }

    struct Decoder: StageCommand {
        static let configuration = CommandConfiguration(
            abstract: "Train the diffusion decoder; the autoencoder and the towers come first.")
        static let stage = DemoTraining.Stage.decoder
        @OptionGroup var options: Options
        @OptionGroup var length: Length
        @OptionGroup var learning: Learning
    }

}

/// A command that trains one stage.
protocol StageCommand: ParsableCommand {
    static var stage: DemoTraining.Stage { get }
    var options: Train.Options { get }
    var length: Train.Length { get }
    var learning: Train.Learning { get }
}

extension StageCommand {
    func run() throws {
        try options.training { training, stop in try training.run(Self.stage, lasting: length, learning, stop: stop) }
    }
}

extension DemoTraining {
    /// Runs one stage as it is shipped, but as long, and learning in such a way, as was asked for.
    func run(_ stage: Stage, lasting length: Train.Length, _ learning: Train.Learning, stop: StopSignal) throws {
        if isFinished(stage) {
            return StandardError.say("\(weights(of: stage).path): this stage is finished; remove the file to train it further.")
        }
        var training = self
        let asked = length.asked
        training.checkpointInterval = length.saveEvery
        training.resumes = length.resume
        training.plan = {
            guard $0 == stage else { return Plan.shipped($0) }
            var plan = learning.applied(to: Plan.shipped($0))
            if let asked { plan.length = asked }
            return plan
        }
        _ = try training.run(stage, stop: stop)
    }
}
