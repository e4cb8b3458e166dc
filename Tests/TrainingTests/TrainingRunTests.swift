import Foundation
import Tensors
import Testing

@testable import Training

/// Twenty steps of a line, saved after each.
private func options(_ folder: URL, steps: Int = 20, resumes: Bool = false) -> TrainingOptions {
    TrainingOptions(
        folder: folder, length: .steps(steps), batch: 8, learningRate: 0.05, warmUp: 4, checkpointInterval: 0, evaluationInterval: 1e9,
        resumes: resumes)
}

@Suite("A training run", .serialized) struct TrainingRunTests {
    init() throws { try Libtorch.setThreads(1) }

    @Test("A run that was stopped and resumed ends with the same parameters, bit for bit") func resuming() throws {
        try withTemporaryFolder { folder in
            let whole = try LineTrainer()
            _ = try TrainingRun(whole, options(folder.appendingPathComponent("whole"))).train()

            let place = folder.appendingPathComponent("parts")
            let first = try TrainingRun(LineTrainer(), options(place))
            for _ in 0..<9 { try first.advance() }
            let stop = StopSignal()
            stop.set()
            #expect(try first.train(stop: stop) == .stopped)
            let second = try LineTrainer()
            #expect(try TrainingRun(second, options(place, resumes: true)).train() == .finished)
            #expect(try second.values() == whole.values())
        }
    }

    @Test("A killed run goes on from its last checkpoint, and ends as if nothing had happened") func killed() throws {
        try withTemporaryFolder { folder in
            let whole = try LineTrainer()
            _ = try TrainingRun(whole, options(folder.appendingPathComponent("whole"))).train()

            let place = folder.appendingPathComponent("killed")
            let victim = try LineTrainer()
            victim.isKilledAt = 13
            #expect(throws: LineTrainer.Interruption.self) { try TrainingRun(victim, options(place)).train() }
            let survivor = try LineTrainer()
            let run = try TrainingRun(survivor, options(place, resumes: true))
            #expect(run.step == 13)
            _ = try run.train()
            #expect(try survivor.values() == whole.values())
        }
    }

    @Test("A loss that is not a number stops the run and keeps the last good checkpoint") func diverging() throws {
        try withTemporaryFolder { folder in
            let trainer = try LineTrainer()
            trainer.divergesAt = 7
            let file = TrainingRun.checkpoint(in: folder).path
            #expect(throws: TrainingError.diverged(trainer: "line", step: 7, checkpoint: file)) {
                try TrainingRun(trainer, options(folder)).train()
            }
            let resumed = try LineTrainer()
            #expect(try TrainingRun(resumed, options(folder, resumes: true)).step == 7)
            #expect(try resumed.values().allSatisfy(\.isFinite))
        }
    }

    @Test("What is computed to rehearse a step changes nothing that a checkpoint holds") func rehearsing() throws {
        let trainer = try LineTrainer()
        let optimiser = try Optimiser(trainer)
        func advance() throws {
            let loss = try trainer.loss(step: 0, progress: 0)
            try loss.backward()
            try optimiser.prepare(step: 0, learningRate: 0.1, keeping: 0.5)
            _ = try optimiser.update(loss: loss.detached())
        }
        func state() throws -> [[Float]] { try (trainer.parameters + optimiser.state).map { try $0.tensor.floats() } }
        try advance()
        let before = try state()
        try optimiser.withoutChanges { try advance() }
        #expect(try state() == before)
        try advance()
        #expect(try zip(state(), before).allSatisfy { $0 != $1 })
    }

    /// A trainer whose steps cannot be recorded, around one whose can.
    private final class Unrecordable: Trainer {
        private let trainer: any RecordableTrainer
        init(_ trainer: any RecordableTrainer) { self.trainer = trainer }
        var name: String { trainer.name }
        var parameters: [(name: String, tensor: Tensor)] { trainer.parameters }
        var averaging: Double? { trainer.averaging }
        var matrixRate: Double? { trainer.matrixRate }
        func loss(step: Int, progress: Double) throws -> Tensor { try trainer.loss(step: step, progress: progress) }
        func evaluate() throws -> [String: Double] { try trainer.evaluate() }
    }

    @Test(
        "Recorded steps train as plain ones do",
        .enabled(if: CapturedGraph.isSupported(on: .cuda(0)), "There is no CUDA device that can record graphs."))
    func recorded() throws {
        try Device.$ambient.withValue(.cuda(0)) {
            try withTemporaryFolder { folder in
                func weights(isRecorded: Bool) throws -> [Float] {
                    let bank = try SceneBank(seed: 1, count: 64, side: 32)
                    let reader = try ReaderTrainer(bank: bank, heldOut: bank, batch: 8, seed: 1)
                    let place = folder.appendingPathComponent("\(isRecorded)")
                    _ = try TrainingRun(isRecorded ? reader : Unrecordable(reader), options(place, steps: 20)).train()
                    return try reader.parameters.flatMap { try $0.tensor.floats() }
                }
                let (plain, recorded) = try (weights(isRecorded: false), weights(isRecorded: true))
                #expect(CapturedGraph.failure == nil)
                #expect(zip(plain, recorded).allSatisfy { abs($0 - $1) < 1e-2 })
            }
        }
    }

    @Test("Where losses are read after every tenth step, the step that diverged is named, and nothing has changed since")
    func divergingUnseen() throws {
        try withTemporaryFolder { folder in
            let good = try LineTrainer()
            let reference = try TrainingRun(good, options(folder.appendingPathComponent("good"), steps: 100))
            for _ in 0..<13 { try reference.advance() }
            let trainer = try LineTrainer()
            trainer.divergesAt = 13
            let place = folder.appendingPathComponent("bad")
            let run = try TrainingRun(trainer, options(place, steps: 100), readInterval: 10)
            for _ in 0..<19 { try run.advance() }
            #expect(try trainer.values() == good.values())
            let file = TrainingRun.checkpoint(in: place).path
            #expect(throws: TrainingError.diverged(trainer: "line", step: 13, checkpoint: file)) { try run.advance() }
            #expect(try trainer.values() == good.values())
        }
    }

    @Test("A run that reads its losses seldom ends with the same numbers and the same log") func reading() throws {
        try withTemporaryFolder { folder in
            func end(_ interval: Int) throws -> (values: [Float], losses: [Double?]) {
                let place = folder.appendingPathComponent("\(interval)")
                let trainer = try LineTrainer()
                var plan = options(place, steps: 103)
                plan.checkpointInterval = 1e9
                _ = try TrainingRun(trainer, plan, readInterval: interval).train()
                let text = try String(contentsOf: place.appendingPathComponent("log.jsonl"), encoding: .utf8)
                return (
                    try trainer.values(),
                    try text.split(separator: "\n").map { try JSONDecoder().decode(RunLog.Entry.self, from: Data($0.utf8)).loss }
                )
            }
            let (often, seldom) = try (end(1), end(50))
            #expect(often.values == seldom.values && often.losses == seldom.losses && often.losses.count == 3)
        }
    }

    @Test("The first step moves every parameter by the learning rate, as AdamW's corrections have it") func firstStep() throws {
        try withTemporaryFolder { folder in
            let trainer = try LineTrainer()
            let before = try trainer.values()
            let plan = options(folder)
            try TrainingRun(trainer, plan).advance()
            let rate = plan.learningRate(step: 0, progress: 0)
            for (before, after) in zip(before, try trainer.values()) { #expect(abs(abs(Double(after - before)) - rate) < 1e-3 * rate) }
        }
    }

    @Test("A run is not written over unless it is to be resumed") func existing() throws {
        try withTemporaryFolder { folder in
            _ = try TrainingRun(LineTrainer(), options(folder, steps: 1)).train()
            #expect(throws: TrainingError.checkpointExists(file: TrainingRun.checkpoint(in: folder).path)) {
                try TrainingRun(LineTrainer(), options(folder))
            }
        }
    }

    @Test("A checkpoint of another shape, another trainer or another version is refused by name") func foreign() throws {
        try withTemporaryFolder { folder in
            let file = TrainingRun.checkpoint(in: folder)
            _ = try TrainingRun(LineTrainer(), options(folder, steps: 1)).train()
            #expect(
                throws: TrainingError.misshapenParameter(file: file.path, name: "parameter/weight", found: [1, 3], expected: [1, 4])
            ) { try TrainingRun(LineTrainer(width: 4), options(folder, resumes: true)) }
            #expect(throws: TrainingError.foreignCheckpoint(file: file.path, found: "line", expected: "curve")) {
                try TrainingRun(LineTrainer(name: "curve"), options(folder, resumes: true))
            }
            try SafetensorsWriter.write(
                [("parameter/weight", Tensor.zeros([1]))], metadata: ["trainer": "line", "version": "2", "step": "1", "seconds": "1"],
                to: file)
            #expect(throws: TrainingError.unsupportedVersion(file: file.path, found: "2")) {
                try TrainingRun(LineTrainer(), options(folder, resumes: true))
            }
        }
    }

    @Test("A folder that cannot be made is one sentence") func unusableFolder() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("file")
            try Data().write(to: file)
            let place = file.appendingPathComponent("run")
            #expect(throws: TrainingError.unusableFolder(place.path, reason: "the folder cannot be made.")) {
                try TrainingRun(LineTrainer(), options(place))
            }
        }
    }

    @Test("The log has one JSON object per line, with the steps in order and figures at the end") func logging() throws {
        try withTemporaryFolder { folder in
            _ = try TrainingRun(LineTrainer(), options(folder, steps: 120)).train()
            let text = try String(contentsOf: folder.appendingPathComponent("log.jsonl"), encoding: .utf8)
            let entries = try text.split(separator: "\n").map { try JSONDecoder().decode(RunLog.Entry.self, from: Data($0.utf8)) }
            #expect(entries.map(\.step) == [50, 100, 120])
            #expect(entries.last?.heldOut?.keys.sorted() == ["weight"])
            #expect(try #require(entries[0].loss) > #require(entries[2].loss))
        }
    }

    @Test("The log of a killed and resumed run has every line once, with the very losses of an uninterrupted one") func logOfResumed()
        throws
    {
        try withTemporaryFolder { folder in
            func losses(_ name: String) throws -> [Double?] {
                let text = try String(contentsOf: folder.appendingPathComponent(name + "/log.jsonl"), encoding: .utf8)
                return try text.split(separator: "\n").map { try JSONDecoder().decode(RunLog.Entry.self, from: Data($0.utf8)).loss }
            }
            func place(_ name: String) -> URL { folder.appendingPathComponent(name) }
            _ = try TrainingRun(LineTrainer(), options(place("whole"), steps: 160)).train()
            let first = try TrainingRun(LineTrainer(), options(place("parts"), steps: 160))
            for step in 0..<120 {
                try first.advance()
                if step == 72 { try first.save() }
            }
            let second = try TrainingRun(LineTrainer(), options(place("parts"), steps: 160, resumes: true))
            #expect(second.step == 73)
            _ = try second.train()
            #expect(try losses("whole").count == 4)
            #expect(try losses("parts") == losses("whole"))
        }
    }

    @Test("A checkpoint that was cut short is refused by name") func damaged() throws {
        try withTemporaryFolder { folder in
            let file = TrainingRun.checkpoint(in: folder)
            _ = try TrainingRun(LineTrainer(), options(folder, steps: 1)).train()
            let whole = try Data(contentsOf: file)
            try whole.prefix(whole.count / 2).write(to: file)
            let error = #expect(throws: WeightFileError.self) { try TrainingRun(LineTrainer(), options(folder, resumes: true)) }
            #expect("\(try #require(error))".contains(file.path))
        }
    }

    @Test("The finished trainer holds the averaged parameters") func averages() throws {
        try withTemporaryFolder { folder in
            let trainer = try LineTrainer()
            _ = try TrainingRun(trainer, options(folder)).train()
            let file = try SafetensorsFile(contentsOf: TrainingRun.checkpoint(in: folder))
            #expect(try trainer.parameters[0].tensor.floats() == file.tensor("average/weight").floats())
            #expect(try trainer.parameters[0].tensor.floats() != file.tensor("parameter/weight").floats())
        }
    }

    @Test("The learning rate rises during the warm-up and falls to a fiftieth") func learningRate() {
        let plan = options(URL(fileURLWithPath: "/"), steps: 100)
        let rates = (0...100).map { plan.learningRate(step: $0, progress: plan.progress(step: $0, seconds: 0)) }
        #expect(rates[0] < rates[1] && rates[1] < rates[3])
        #expect(zip(rates[4...], rates[5...]).allSatisfy { $0 > $1 })
        #expect(abs(rates[100] - 0.05 / 50) < 1e-9)
    }

    @Test("A constant learning rate stays as it is after the warm-up; a decay begins at its step and ends at a fiftieth") func schedules() {
        var plan = options(URL(fileURLWithPath: "/"), steps: 100)
        plan.schedule = .constant
        #expect((4...200).allSatisfy { plan.learningRate(step: $0, progress: plan.progress(step: $0, seconds: 0)) == 0.05 })
        #expect(plan.learningRate(step: 0, progress: 0) < 0.05)
        #expect(plan.averaging(0.999) == 0.999)
        plan.schedule = .decay(from: 60)
        let rates = (0...100).map { plan.learningRate(step: $0, progress: plan.progress(step: $0, seconds: 0)) }
        #expect(rates[4...60].allSatisfy { $0 == 0.05 } && zip(rates[60...], rates[61...]).allSatisfy { $0 > $1 })
        #expect(abs(rates[80] - 0.05 * 0.51) < 1e-9 && abs(rates[100] - 0.05 / 50) < 1e-9)
        #expect(plan.averaging(0.999) == 0.75 && plan.averaging(0.5) == 0.5)
    }

    @Test("A length in minutes counts training time alone") func minutes() {
        let plan = TrainingOptions(folder: URL(fileURLWithPath: "/"), length: .minutes(2), batch: 1, learningRate: 1)
        #expect(plan.progress(step: 1_000_000, seconds: 30) == 0.25)
        #expect(plan.progress(step: 0, seconds: 500) == 1)
    }
}
