import Foundation
import TestSupport
import Testing

/// The commands that the README lists, as they are printed there.
@Suite("The README's commands", .serialized) struct ReadmeTests {
    /// The lines of the list, without what they are for.
    static let commands: [String] = {
        let text = (try? String(contentsOf: Program.root.appendingPathComponent("README.md"), encoding: .utf8)) ?? ""
        let list = text.components(separatedBy: "## Commands").dropFirst().first?.components(separatedBy: "\n## ").first ?? ""
        return list.split(separator: "\n").filter { $0.hasPrefix("    fader ") }
            .map { line in
                line.range(of: #"\s{2,}"#, options: .regularExpression, range: line.index(line.startIndex, offsetBy: 4)..<line.endIndex)
                    .map { String(line[..<$0.lowerBound]) } ?? String(line)
            }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }()

    @Test("Every line works on the demo pack, one after the other in a clone of its own") func list() throws {
        #expect(Self.commands.count > 12)
        let clone = try TemporaryFolder()
        let files = FileManager.default
        let assets = clone.url.appendingPathComponent("assets")
        try files.createDirectory(at: assets, withIntermediateDirectories: true)
        try files.createSymbolicLink(
            at: assets.appendingPathComponent("samples"), withDestinationURL: Program.root.appendingPathComponent("assets/samples"))
        // What is made of the pack's features goes into the pack.
        let pack = try BrokenPack("pack.json") { $0 }
        try files.createSymbolicLink(atPath: assets.appendingPathComponent("demo").path, withDestinationPath: pack.path)
        // Training takes hours, and a server does not end; they have tests of their own.
        for command in Self.commands where !command.hasPrefix("fader train") && !command.hasPrefix("fader serve") {
            let outcome = try Program.run(
                [clone.url.path], shell: #"program=$0; fader() { "$program" "$@"; }; cd "$1" && \#(command)"#,
                environment: ["FADER_PACK": "assets/demo", "XDG_STATE_HOME": clone.url.appendingPathComponent("state").path])
            #expect(outcome.code == 0, "\(command): \(outcome.complaint)")
        }
    }
}
