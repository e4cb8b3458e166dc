import Foundation
import TestSupport
import Testing

@Suite("Installation") struct InstallTests {
    /// The program's libraries are told where each other is by patchelf, which make test-tools installs.
    @Test(
        "Installed, it runs from anywhere, by links, copied, beside another version, and with a pack that cannot be written",
        .enabled(if: Tool.areInstalled("patchelf"), "patchelf is not installed (make test-tools)"))
    func install() throws {
        let process = Process()
        process.executableURL = Program.root.appendingPathComponent("Scripts/check-install")
        process.arguments = [Program.executable.path]
        let said = Pipe()
        process.standardError = said
        try process.run()
        let complaint = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(complaint)")
    }

    @Test("The manual page tells every command and option, in the form that man reads") func manual() throws {
        let outcome = try Program.run("manual")
        #expect(outcome.code == 0)
        let page = String(decoding: outcome.output, as: UTF8.self)
        #expect(page.hasPrefix(".TH FADER 1"))
        for words in [
            ".SS fader render", ".SS fader library build", ".SS fader train sae", "\\-\\-negative\\-prompt", "\\-\\-dtype", "EXIT STATUS",
        ] {
            #expect(page.contains(words), "\(words)")
        }
    }
}
