import ArgumentParser
import Foundation
import Steering

/// `fader pack …`: what concerns a folder of weights as such.
struct PackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack", abstract: "Fetch, find, list, remove and check packs, which are folders of weights.",
        subcommands: [
            PackGet.self, PackFind.self, PackList.self, PackRemove.self, Check.self, Hash.self, PackFitPreview.self,
        ])

    struct Options: ParsableArguments {
        @Argument(help: "The folder, or a name of fader pack list (default: that of --pack).", completion: .directory)
        var folder: String?

        @OptionGroup var common: EngineOptions

        var url: URL {
            get throws {
                try folder.map(NamedPacks(environment: ProcessInfo.processInfo.environment).folder(of:)) ?? common.packFolder
            }
        }

        func validate() throws {
            if folder != nil && common.pack != nil { throw ValidationError("Name the folder once, with or without --pack.") }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what is in a pack, and every fault.",
            discussion: "It computes nothing. Faults go to standard error, one per line, and the exit code is then 1.")

        @Flag(help: "Read every file and compare it with the SHA-256 that pack.json has for it.")
        var hashes = false

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: Options

        func run() throws {
            let (folder, hashes, json, bar) = (try options.url, hashes, json, ProgressBar(quiet: options.common.quiet))
            try Interruption.cancellable {
                defer { bar.clear() }
                let report = try await Engine().report(on: folder) { bar.show($0) }
                let changed = hashes ? try PackHashes(Pack(folder)).faults { bar.show($0) } : []
                bar.clear()
                let checked = CheckedPack(report: report, changedFiles: changed)
                try json ? Files.printJSON(checked, sorted: true) : StandardOutput.print(checked.text)
                for fault in checked.faults { StandardError.say(fault) }
                if !checked.faults.isEmpty { throw ExitCode.failure }
            }
        }
    }

    struct Hash: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write the SHA-256 of every file of a pack into its pack.json.")

        @OptionGroup var options: Options

        func run() throws {
            let (folder, bar) = (try options.url, ProgressBar(quiet: options.common.quiet))
            try Interruption.cancellable {
                defer { bar.clear() }
                let hashes = try PackHashes(Pack(folder)).write { bar.show($0) }
                bar.clear()
                try StandardOutput.print(hashes.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)" }.joined(separator: "\n"))
            }
        }
    }
}
