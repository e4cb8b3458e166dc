import Foundation
import TestSupport
import Testing

/// The program where what it makes cannot be written.
@Suite("Bad output") struct BadOutputTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let render = ["render", Program.samples[0], "--steps", "1", "--seed", "1", "-o"]

    @Test("A folder that is not there, is a file or takes no files is one sentence that names the output")
    func unwritableFolder() throws {
        let file = try folder.file("file", "text".utf8)
        for output in [file.appendingPathComponent("out.png").path, "/nowhere/out.png", "/proc/out.png", folder.url.path] {
            let outcome = try Program.run(Self.render + [output])
            outcome.expectOneSentence()
            #expect(outcome.complaint.contains(output), "\(outcome.complaint)")
        }
        #expect(try Data(contentsOf: file) == Data("text".utf8))
        #expect(try folder.names == ["file"])
    }

    // The size that files may have ends writing as a full disk does, and needs no privilege.
    @Test("When the disk is full, the older file stays and nothing else is left") func fullDisk() throws {
        let file = try folder.file("out.png", "old".utf8)
        let outcome = try Program.run(Self.render + [file.path], shell: #"trap "" XFSZ; ulimit -f 1; exec "$0" "$@""#)
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("out.png"), "\(outcome.complaint)")
        #expect(try Data(contentsOf: file) == Data("old".utf8))
        #expect(try folder.names == ["out.png"])
    }

    @Test("A device in the output's place stays a device") func device() throws {
        let outcome = try Program.run(Self.render + ["/dev/full"])
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("/dev/full"))
    }

    @Test("Results that standard output does not take are one sentence", arguments: [["features", Program.samples[0]], ["doctor"]])
    func fullStandardOutput(arguments: [String]) throws {
        let outcome = try Program.run(arguments, shell: #"exec "$0" "$@" > /dev/full"#)
        outcome.expectOneSentence()
        #expect(outcome.complaint.contains("standard output"), "\(outcome.complaint)")
    }

    @Test("A log that cannot be opened ends the program in one sentence; one whose disk is full is told once and does no harm")
    func log() throws {
        let unwritable = try Program.run("features", Program.samples[0], "--log", "/nowhere/log")
        unwritable.expectOneSentence()
        #expect(unwritable.complaint.contains("/nowhere/log"))
        let full = try Program.run("features", Program.samples[0], "--log", "/dev/full")
        #expect(full.code == 0 && !full.output.isEmpty)
        #expect(full.complaint.hasPrefix("/dev/full: ") && full.complaint.split(separator: "\n").count == 1, "\(full.complaint)")
    }

    @Test("Neither standard input nor standard error need be open") func closedStandardStreams() throws {
        let outcome = try Program.run(["generate", "-"], shell: #"exec "$0" "$@" <&-"#)
        outcome.expectOneSentence()
        #expect(try Program.run(["features", "/nowhere/a.png"], shell: #"exec "$0" "$@" 2>&-"#).code == 1)
    }
}
