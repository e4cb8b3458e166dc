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
            Demo.self, Import.self, Autoencoder.self, Refinement.self, Clip.self, Decoder.self, Milestone.self, TrainSparseAutoencoder.self,
            Reader.self, Export.self, TrainEvaluate.self, TrainPage.self,
        ])

    struct Options: ParsableArguments {
        @Option(help: ArgumentHelp("Holds checkpoints, logs and finished weights.", valueName: "dir"))
        var folder = "training"

        @OptionGroup var queueing: Queueing
        @OptionGroup var common: EngineOptions

        /// Runs `body` with a signal that Ctrl-C sets.
        func training(_ body: (DemoTraining, StopSignal) throws -> Void) throws {
            let log = try Log(common.log)
            log.write("training in \(folder)")
            if let threads = common.threads { try Libtorch.setThreads(threads) }
            // Figures are measured in full; training itself chooses speed.
            Libtorch.useFullFloat32()
            let stop = StopSignal()
            let signals = stop.setOnInterrupt()
            defer { for signal in signals { signal.cancel() } }
            try Device.$ambient.withValue(Device(named: common.device)) {
                try body(DemoTraining(folder: URL(fileURLWithPath: folder)), stop)
            }
            if let failure = CapturedGraph.failure { log.write("training steps were not recorded as a CUDA graph: \(failure)") }
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

        @Option(
            help: ArgumentHelp(
                "Save a checkpoint after this many seconds of training, which is the most that a killed run loses.", valueName: "s"))
        var saveEvery = 60.0

        @Flag(help: "Resume the run in the folder.")
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

    /// How one stage learns, where that differs from how the demo pack is made.
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

    struct Demo: TrainingCommand {
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
        static let configuration = CommandConfiguration(abstract: "Train the factor reader, which judges what a pack draws.")
        static let stage = DemoTraining.Stage.reader
        @OptionGroup var options: Options
        @OptionGroup var length: Length
        @OptionGroup var learning: Learning
    }

    struct Decoder: StageCommand {
        static let configuration = CommandConfiguration(
            abstract: "Train the diffusion decoder; the autoencoder and the towers come first.",
            discussion: """
                With --schedule constant the learning rate stays as high as it is after the warm-up, and the run has no end: the same command with \
                --resume and more --steps goes on. train milestone makes weights of where it stands.
                """)
        static let stage = DemoTraining.Stage.decoder

        @Option(help: ArgumentHelp("The learning rate's schedule after the warm-up: cosine or constant.", valueName: "schedule"))
        var schedule = Schedule.cosine

        @Option(help: ArgumentHelp("Begin a new run with these weights, such as a pack's.", valueName: "file"))
        var start: String?

        @OptionGroup var objects: Objects
        @OptionGroup var options: Options
        @OptionGroup var length: Length
        @OptionGroup var learning: Learning

        enum Schedule: String, ExpressibleByArgument, CaseIterable {
            case cosine, constant
        }

        func adjust(_ training: inout DemoTraining, _ plan: inout DemoTraining.Plan) {
            plan.schedule = schedule == .constant ? .constant : .cosine
            training.decoderStart = start.map { URL(fileURLWithPath: $0) }
            objects.apply(to: &training)
        }
    }

    /// What the decoder's loss attends to.
    struct Objects: ParsableArguments {
        @Option(help: ArgumentHelp("How much more the loss weighs what objects cover; 0 for no more.", valueName: "w"))
        var objectWeight: Double?

        func validate() throws {
            if let objectWeight, !(objectWeight >= 0 && objectWeight.isFinite) {
                throw ValidationError("--object-weight must not be negative.")
            }
        }

        func apply(to training: inout DemoTraining) {
            if let objectWeight { training.decoderSettings.objectWeight = objectWeight }
        }
    }

    struct Milestone: TrainingCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make weights of where the decoder's run with a constant learning rate stands.",
            discussion: """
                A copy of the run goes on while its learning rate decays to a fiftieth; give the --rate, --batch and --scenes that the run has. \
                The run itself stays as it is. Ctrl-C saves, and the same command goes on from there.
                """)

        @Option(help: ArgumentHelp("How many steps the decay takes.", valueName: "n"))
        var steps = 300

        @OptionGroup var objects: Objects
        @OptionGroup var options: Options
        @OptionGroup var learning: Learning

        func validate() throws {
            if steps < 1 { throw ValidationError("--steps must be at least 1.") }
        }

        func run() throws {
            try options.training { training, stop in
                var training = training
                objects.apply(to: &training)
                training.plan = { learning.applied(to: .shipped($0)) }
                _ = try training.milestone(decayingOver: steps, stop: stop)
            }
        }
    }

    struct Import: TrainingCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fill the folder with the finished stages of the pack that --pack names, to train one of them further.",
            discussion: """
                The decoder is left out: train decoder --start begins with a pack's. The factor reader, which no pack holds, is trained anew.
                """)

        @OptionGroup var options: Options

        func run() throws {
            try options.training { training, _ in try PackImport(of: options.common.packFolder, into: training).write() }
        }
    }

    struct Export: TrainingCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write what is finished into the pack that --pack names.",
            discussion: "Without --only every stage must be finished. Weights are written in half precision.")

        @Option(help: ArgumentHelp("Replace only this part of a pack: autoencoder, decoder or features.", valueName: "part"))
        var only: PackExport.Part?

        @OptionGroup var options: Options

        func run() throws {
            try options.training { training, _ in
                let export = PackExport(training, to: try options.common.packFolder)
                if let only { try export.write(only) } else { try export.write() }
            }
        }
    }
}

extension PackExport.Part: ExpressibleByArgument {}

/// A command on a folder of training.
protocol TrainingCommand: QueueableCommand {
    var options: Train.Options { get }
}

extension TrainingCommand {
    var queueing: Queueing { options.queueing }
    var inputs: [String] { [] }
    var results: [String] { [] }
    func check() throws {}
}

/// A command that trains one stage.
protocol StageCommand: TrainingCommand {
    static var stage: DemoTraining.Stage { get }
    var length: Train.Length { get }
    var learning: Train.Learning { get }
    /// What else was asked for.
    func adjust(_ training: inout DemoTraining, _ plan: inout DemoTraining.Plan)
}

extension StageCommand {
    var continuation: [String] { length.resume ? [] : ["--resume"] }

    func adjust(_ training: inout DemoTraining, _ plan: inout DemoTraining.Plan) {}

    func run() throws {
        try options.training { training, stop in
            var training = training
            var plan = learning.applied(to: .shipped(Self.stage))
            adjust(&training, &plan)
            try training.run(Self.stage, as: plan, lasting: length, stop: stop)
        }
    }
}

extension DemoTraining {
    /// Runs one stage by a plan, but as long as was asked for.
    func run(_ stage: Stage, as plan: Plan, lasting length: Train.Length, stop: StopSignal) throws {
        var plan = plan
        if let asked = length.asked { plan.length = asked }
        var training = self
        training.checkpointInterval = length.saveEvery
        training.resumes = length.resume
        training.plan = { [plan] in $0 == stage ? plan : .shipped($0) }
        if training.hasNothingToDo(stage) {
            return StandardError.say("\(weights(of: stage).path): this stage is finished; remove the file to train it further.")
        }
        _ = try training.run(stage, stop: stop)
    }
}
