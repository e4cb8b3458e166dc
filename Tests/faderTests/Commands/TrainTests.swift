import Foundation
import TestSupport
import Testing

/// Training from the command line: what is written, what survives, and what bad input leads to.
@Suite("Training") struct TrainTests {
    private let folder: TemporaryFolder
    private let embeddings: URL
    private var run: URL { folder.url.appendingPathComponent("run") }
    private var checkpoint: URL { run.appendingPathComponent("checkpoint.safetensors") }

    init() throws {
        folder = try TemporaryFolder()
        embeddings = folder.url.appendingPathComponent("embeddings.safetensors")
        var random = SeededGenerator(seed: 4)
        try Self.write((0..<200 * 8).map { _ in Float.random(in: -1...1, using: &random) }, to: embeddings)
    }

    /// A safetensors file with a matrix of rows of eight numbers.
    private static func write(_ numbers: [Float], to file: URL) throws {
        let header = #"{"rows":{"dtype":"F32","shape":[\#(numbers.count / 8),8],"data_offsets":[0,\#(numbers.count * 4)]}}"#
        var data = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
        for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { data += Data($0) } }
        try data.write(to: file)
    }

    /// A small sparse autoencoder that saves after every step.
    private func arguments(steps: Int, to place: URL? = nil) -> [String] {
        [
            "train", "sae", "--embeddings", embeddings.path, "--folder", (place ?? run).path, "--features", "16", "--keep", "4", "--batch",
            "32",
            "--steps", String(steps), "--save-every", "0", "--threads", "1",
        ]
    }

    private struct Line: Decodable {
        let step: Int
        let loss: Double
    }

    private func log(_ place: URL) throws -> [Line] {
        let text = try String(contentsOf: place.appendingPathComponent("log.jsonl"), encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    @Test("A run that is killed goes on from its last checkpoint, with the very losses and weights of an uninterrupted one")
    func killed() throws {
        let whole = folder.url.appendingPathComponent("whole")
        #expect(try Program.run(arguments(steps: 400, to: whole)).code == 0)
        let victim = try Program.run(
            arguments(steps: 400),
            shell: #""$0" "$@" & until [ "$(grep -c loss \#(run.path)/log.jsonl)" -ge 2 ]; do sleep 0.01; done; kill -9 $!; wait $!"#)
        #expect(victim.code == 128 + SIGKILL)
        #expect(!FileManager.default.fileExists(atPath: run.appendingPathComponent("model.safetensors").path))
        #expect(try Program.run(arguments(steps: 400) + ["--resume"]).code == 0)
        let (resumed, uninterrupted) = (try log(run), try log(whole))
        #expect(resumed.map(\.step) == uninterrupted.map(\.step) && uninterrupted.count > 8)
        #expect(resumed.map(\.loss) == uninterrupted.map(\.loss))
        for name in ["model.safetensors", "config.json"] {
            #expect(try Data(contentsOf: run.appendingPathComponent(name)) == Data(contentsOf: whole.appendingPathComponent(name)))
        }
    }

    @Test("Ctrl-C saves, and the same command with --resume ends the run") func interrupted() throws {
        let outcome = try Program.run(arguments(steps: 1_000_000)) { FileManager.default.fileExists(atPath: checkpoint.path) }
        #expect(outcome.code == 130)
        #expect(try Program.run(arguments(steps: 1) + ["--resume"]).code == 0)
        #expect(FileManager.default.fileExists(atPath: run.appendingPathComponent("model.safetensors").path))
    }

    @Test("When the disk is full, the older checkpoint stays, nothing else is left, and the run goes on later") func fullDisk() throws {
        #expect(try Program.run(arguments(steps: 20)).code == 0)
        let before = try Data(contentsOf: checkpoint)
        let names = try FileManager.default.contentsOfDirectory(atPath: run.path).sorted()
        // A file may have 2 KiB: the log fits, a checkpoint does not.
        let outcome = try Program.run(arguments(steps: 40) + ["--resume"], shell: #"trap "" XFSZ; ulimit -f 2; exec "$0" "$@""#)
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains(checkpoint.path), "\(outcome.complaint)")
        #expect(try Data(contentsOf: checkpoint) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: run.path).sorted() == names)
        #expect(try Program.run(arguments(steps: 40) + ["--resume"]).code == 0)
    }

    @Test("A checkpoint of other settings is refused, and stays") func otherShape() throws {
        #expect(try Program.run(arguments(steps: 5)).code == 0)
        let before = try Data(contentsOf: checkpoint)
        let outcome = try Program.run(arguments(steps: 10) + ["--resume", "--features", "32"])
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("[16, 8]") && outcome.complaint.contains("[32, 8]"), "\(outcome.complaint)")
        let again = try Program.run(arguments(steps: 10))
        again.expectOneSentence()
        #expect(again.complaint.contains("--resume"), "\(again.complaint)")
        #expect(try Data(contentsOf: checkpoint) == before)
    }

    @Test("Embeddings with a number that is not finite, and files of something else, are one sentence") func badEmbeddings() throws {
        var numbers = [Float](repeating: 1, count: 80)
        numbers[42] = .nan
        try Self.write(numbers, to: embeddings)
        let broken = try Program.run(arguments(steps: 5))
        broken.expectOneSentence()
        #expect(broken.complaint.contains("row 5"), "\(broken.complaint)")
        try Data("text".utf8).write(to: embeddings)
        try Program.run(arguments(steps: 5)).expectOneSentence()
        try FileManager.default.removeItem(at: embeddings)
        try Program.run(arguments(steps: 5)).expectOneSentence()
        #expect(!FileManager.default.fileExists(atPath: run.path))
    }

    @Test("A folder that cannot be made is one sentence that names it") func unusableFolder() throws {
        for place in [embeddings.appendingPathComponent("run"), URL(fileURLWithPath: "/proc/run")] {
            let outcome = try Program.run(arguments(steps: 5, to: place))
            outcome.expectOneSentence()
            #expect(outcome.complaint.contains(place.path), "\(outcome.complaint)")
        }
    }

    @Test("A learning rate at which the loss diverges ends the run and keeps the checkpoint") func diverging() throws {
        #expect(try Program.run(arguments(steps: 5)).code == 0)
        let outcome = try Program.run(arguments(steps: 10_000) + ["--resume", "--rate", "1e38", "--save-every", "60"])
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("not a number") && outcome.complaint.contains(checkpoint.path), "\(outcome.complaint)")
        #expect(try Program.run(arguments(steps: 8) + ["--resume"]).code == 0)
    }

    @Test("A stage that is finished says so, and keeps its weights") func finished() throws {
        let weights = run.appendingPathComponent("decoder/weights.safetensors")
        try FileManager.default.createDirectory(at: weights.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("weights".utf8).write(to: weights)
        let outcome = try Program.run("train", "decoder", "--folder", run.path, "--steps", "2")
        #expect(
            outcome.code == 0 && outcome.complaint.contains(weights.path) && outcome.complaint.contains("finished"), "\(outcome.complaint)")
        #expect(try Data(contentsOf: weights) == Data("weights".utf8))
    }

    @Test("A stage whose networks are not trained yet names what comes first") func missing() throws {
        let decoder = try Program.run("train", "decoder", "--folder", run.path)
        decoder.expectOneSentence()
        #expect(decoder.complaint.contains("train the autoencoder first"), "\(decoder.complaint)")
    }

    @Test("A milestone of a decoder that has not been trained is one sentence, and so is a part of a pack that is not finished")
    func nothingYet()
        throws
    {
        let milestone = try Program.run("train", "milestone", "--folder", run.path)
        milestone.expectOneSentence()
        #expect(milestone.complaint.contains("decoder/checkpoint.safetensors"), "\(milestone.complaint)")
        let export = try Program.run("train", "export", "--folder", run.path, "--pack", folder.url.path, "--only", "features")
        export.expectOneSentence()
        #expect(export.complaint.contains("train the sae first"), "\(export.complaint)")
    }

    @Test("A device that is not there is one sentence") func absentDevice() throws {
        let outcome = try Program.run(arguments(steps: 5) + ["--device", "cuda:99"])
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("cuda:99"), "\(outcome.complaint)")
        #expect(!FileManager.default.fileExists(atPath: run.path))
    }

    @Test("A stage learns from as many scenes, in as large batches and as fast as it is told") func learning() throws {
        let options = ["--batch", "2", "--rate", "2e-3", "--scenes", "20", "--steps", "1", "--threads", "1", "--folder", run.path]
        #expect(try Program.run(["train", "reader"] + options).code == 0)
        struct Rate: Decodable { let learningRate: Double }
        let log = try String(contentsOf: run.appendingPathComponent("reader/log.jsonl"), encoding: .utf8)
        let rates = try log.split(separator: "\n").map { try JSONDecoder().decode(Rate.self, from: Data($0.utf8)).learningRate }
        // The second step of a warm-up of 100, at the end of a run: a fiftieth of a fiftieth.
        let expected = 2e-3 * 0.02 * 0.02
        #expect(abs((rates.first ?? 0) - expected) < 1e-12, "\(rates)")
    }

    @Test(
        "Numbers to learn by that mean nothing are refused with exit code 2",
        arguments: [
            ["decoder", "--batch", "0"], ["decoder", "--rate", "nan"], ["clip", "--rate", "-1"], ["autoencoder", "--scenes", "0"],
            ["sae", "--scenes", "9", "--embeddings", "x"],
        ])
    func badLearning(arguments: [String]) throws {
        #expect(try Program.run(["train"] + arguments + ["--folder", run.path]).code == 2)
        #expect(!FileManager.default.fileExists(atPath: run.path))
    }

    @Test(
        "Lengths that mean nothing are refused with exit code 2",
        arguments: [["--steps", "0"], ["--minutes", "nan"], ["--minutes", "1", "--steps", "1"]])
    func badLength(arguments: [String]) throws {
        #expect(try Program.run(["train", "sae", "--embeddings", embeddings.path] + arguments).code == 2)
    }
}
