import Foundation
import TestSupport
import Testing

@Suite("Shell completions") struct CompletionTests {
    /// The shells that are installed here, with the option that checks a script's form.
    static let checkers = [("bash", "/bin/bash", "-n"), ("zsh", "/usr/bin/zsh", "-n"), ("fish", "/usr/bin/fish", "--no-execute")]
        .filter { FileManager.default.isExecutableFile(atPath: $0.1) }

    @Test("There is a script for every shell, and it knows commands, options and their values", arguments: ["bash", "zsh", "fish"])
    func scripts(shell: String) throws {
        let outcome = try Program.run("completions", shell)
        #expect(outcome.code == 0)
        let script = String(decoding: outcome.output, as: UTF8.self)
        for word in ["preprocess", "doctor", "--pack", "--start", "bfloat16", "inversion"] {
            // Fish takes long options without their dashes.
            #expect(script.contains(shell == "fish" ? word.replacing("--", with: "") : word), "\(word)")
        }
    }

    @Test("A script is of the shell's own form", arguments: checkers) func syntax(shell: String, path: String, option: String) throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let script = try folder.file("script", Program.run("completions", shell).output)
        let checker = Process()
        checker.executableURL = URL(fileURLWithPath: path)
        checker.arguments = [option, script.path]
        try checker.run()
        checker.waitUntilExit()
        #expect(checker.terminationStatus == 0)
    }

    @Test("An unknown shell is bad usage") func unknownShell() throws {
        #expect(try Program.run("completions", "tcsh").code == 2)
    }
}
