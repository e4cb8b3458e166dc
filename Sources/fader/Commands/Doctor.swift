import ArgumentParser
import Foundation
import Steering

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check this machine, and say what to change.",
        discussion: "It needs neither a pack nor a terminal, and changes nothing.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: EngineOptions

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        // Parsing arguments does not leave the main thread.
        let terminal = MainActor.assumeIsolated { Examination.terminal(environment) }
        let report = Report(examinations: [
            .libtorch(), .processor(), .devices(), .threads(environment), .precision(device: options.device, dataType: options.dtype),
            .pictures(), terminal, .pack { try options.packFolder },
        ])
        if json { try Files.printJSON(report, sorted: true) } else { try StandardOutput.print(report.text) }
    }
}
