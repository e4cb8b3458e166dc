import Files
import Foundation
import Pictures
import TestSupport
import Testing

/// The program on pictures, numbers and requests that make no sense.
@Suite("Bad input") struct BadInputTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A name and the bytes of a picture file that is none.
    static let pictures: [(name: String, bytes: @Sendable () throws -> Data)] = [
        ("empty.png", { Data() }),
        ("truncated.png", { try Data(contentsOf: URL(fileURLWithPath: Program.samples[0])).prefix(1000) }),
        ("text.png", { Data("Once upon a time\n".utf8) }),
        ("huge.png", { try hugeHeader() }),
        ("zeros.jpg", { Data(count: 1000) }),
    ]

    @Test("A file that is no picture ends in one sentence that names it", arguments: pictures.indices)
    func badPicture(_ index: Int) throws {
        let (name, bytes) = Self.pictures[index]
        let file = try folder.file(name, bytes())
        for arguments in [["features", file.path], ["render", file.path, "-o", output], ["preprocess", file.path]] {
            let outcome = try Program.run(arguments)
            outcome.expectOneSentence()
            #expect(outcome.complaint.contains(name), "\(outcome.complaint)")
        }
        #expect(try folder.names == [name])
    }

    @Test("Pictures of any size are rendered at their own size", arguments: [(1, 1), (3, 200), (130, 99)])
    func anySize(width: Int, height: Int) throws {
        let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0) }
        let file = folder.url.appendingPathComponent("small.png")
        try Picture(width: width, height: height, pixels: pixels).write(toPNG: file)
        let outcome = try Program.run("render", file.path, "-o", output, "--steps", "1", "--seed", "1")
        #expect(outcome.code == 0, "\(outcome.complaint)")
        let made = try Picture(contentsOf: URL(fileURLWithPath: output))
        #expect(made.width == width && made.height == height)
    }

    @Test(
        "A feature that is not there or a value that is no number ends in one sentence",
        arguments: [
            ("--set", "999999=1", "There is no feature 999999"), ("--add", "999999=1", "There is no feature 999999"),
            ("--set", "3=nan", "3=nan"), ("--add", "3=inf", "3=inf"), ("--set", "3=-infinity", "3=-inf"),
            ("--direction", "day-night=nan", "day-night=nan"), ("--direction", "no-such=1", "no direction \"no-such\""),
        ]) func badFeature(option: String, value: String, complaint: String) throws
    {
        let outcome = try Program.run("render", Program.samples[0], "-o", output, option, value, "--steps", "1")
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains(complaint), "\(outcome.complaint)")
        #expect(try folder.names.isEmpty)
    }

    @Test(
        "A malformed request ends in one sentence that names it",
        arguments: [
            "", "{", "[]", "null", "{}", #"{"image_embeds": [[1]]}"#, #"{"a": 1e999}"#,
            #"{"image_embeds": [[1]], "inv_latents": [[[[1]]]], "feature_idx": [0], "feature_val": [NaN], "height": 1, "width": 1}"#,
            #"{"image_embeds": [[1]], "inv_latents": [[[[1]]]], "feature_idx": [0], "feature_val": [1e999], "height": 1, "width": 1}"#,
            #"{"image_embeds": [[1]], "inv_latents": [[[[1]]]], "feature_idx": [0.5], "feature_val": [1], "height": 1, "width": 1}"#,
            #"{"image_embeds": [[1]], "inv_latents": [[[[1, 2], [3]]]], "feature_idx": [], "feature_val": [], "height": 1, "width": 1}"#,
            #"{"image_embeds": [[1]], "inv_latents": [[[[1]]]], "feature_idx": [1, 2], "feature_val": [1], "height": 1, "width": 1}"#,
        ]) func badRequest(_ text: String) throws
    {
        let file = try folder.file("request.json", text.utf8)
        let outcome = try Program.run("generate", file.path)
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("request.json"), "\(outcome.complaint)")
    }

    @Test(
        "A request that does not fit the pack ends in one sentence",
        arguments: [("[[1]]", "embedding"), ("[[]]", "embedding"), ("[]", "image_embeds")])
    func unfitRequest(embeddings: String, complaint: String) throws {
        let text =
            #"{"image_embeds": \#(embeddings), "inv_latents": [[[[1]]]], "feature_idx": [], "feature_val": [], "height": -8, "width": 0}"#
        let outcome = try Program.run("generate", folder.file("request.json", text.utf8).path)
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains(complaint) && outcome.complaint.contains("request.json: "), "\(outcome.complaint)")
    }

    @Test("The playground says at once which picture or pack is not there") func nothingToPlay() throws {
        let sample = try #require(Program.samples.first)
        for arguments in [["nope.png"], [sample, "--pack", "/nowhere/pack"]] {
            let outcome = try Program.run(arguments)
            outcome.expectOneSentence()
            #expect(outcome.complaint.contains(arguments.last ?? ""))
        }
    }

    @Test("What has no end or cannot be read at all is refused", arguments: ["/dev/zero", "/", "/nowhere/request.json"])
    func unreadableRequest(_ path: String) throws {
        for arguments in [
            ["generate", path], ["render", path, "-o", output], ["render", Program.samples[0], "-o", output, "--recipe", path],
        ] {
            let outcome = try Program.run(arguments)
            outcome.expectOneSentence()
            #expect(outcome.complaint.contains(path), "\(outcome.complaint)")
        }
    }

    private var output: String { folder.url.appendingPathComponent("out.png").path }

    /// A PNG whose header says 60,000 × 60,000 pixels.
    private static func hugeHeader() throws -> Data {
        var data = try Picture(width: 1, height: 1, pixels: [1, 2, 3]).pngData()
        let side = [UInt8](arrayLiteral: 0, 0, 0xEA, 0x60)
        data.replaceSubrange(16..<24, with: side + side)
        let checksum = Checksum.crc32(Array(data[12..<29]))
        data.replaceSubrange(29..<33, with: withUnsafeBytes(of: checksum.bigEndian) { Array($0) })
        return data
    }
}
