import ArgumentParser
import Foundation
import Pictures
import Steering

/// `fader groups …`: features that are understood, and moved, together.
struct Groups: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Group a picture's features, and save groups in the library.",
        subcommands: [Find.self, Like.self, Split.self, List.self, Remove.self], defaultSubcommand: Find.self)

    struct Find: EngineCommand {
        static let configuration = CommandConfiguration(abstract: "Sort the features of a picture into a few groups.")

        @Argument(help: "A PNG, JPEG or WebP file; - is standard input.", completion: .picture)
        var picture: String

        @Option(help: ArgumentHelp("How many groups (default: what suits the picture).", valueName: "n"))
        var count: Int?

        @Flag(help: "Save the groups in the library, under their names.")
        var save = false

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: EngineOptions

        func validate() throws {
            if let count, count < 1 { throw ValidationError("--count must be at least 1.") }
        }

        var inputs: [String] { [picture] }

        func execute(_ bar: ProgressBar, _ log: Log) async throws {
            let picture = try Files.picture(picture).picture
            let (engine, _) = try await options.engine(bar, log)
            let analysis = try await engine.analyse(picture) { bar.show($0) }
            let groups = try await engine.groups(of: analysis.id, count: count)
            if save { try FeatureLibrary(of: Pack(options.packFolder)).save(groups) }
            bar.clear()
            let labels = try await engine.labels(of: analysis.features.map(\.index))
            try Groups.print(groups, json: json, labels)
        }
    }

    struct Like: EngineCommand {
        static let configuration = CommandConfiguration(abstract: "Find the features most similar to some others.")

        @Argument(help: ArgumentHelp("Features, by number or label.", valueName: "feature"))
        var features: [FeatureName]

        @Option(
            name: [.customShort("n", allowingJoined: true), .long], help: ArgumentHelp("How many features to find.", valueName: "count"))
        var count = 10

        @Option(help: ArgumentHelp("Save them and the similar ones as a group of this name.", valueName: "name"))
        var save: String?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: EngineOptions

        func validate() throws {
            if features.isEmpty { throw ValidationError("Name at least one feature.") }
            if count < 1 { throw ValidationError("-n must be at least 1.") }
        }

        func execute(_ bar: ProgressBar, _ log: Log) async throws {
            let library = try FeatureLibrary(of: Pack(options.packFolder))
            let names = try FeatureNames(library)
            let features = try features.map(names.feature)
            let (engine, _) = try await options.engine(bar, log)
            let found = try await engine.features(like: features, in: library, count: count)
            let rows = try await MatchRow.rows(found, engine)
            bar.clear()
            if let save { try library.save(FeatureGroup(name: save, features: features + found.map(\.feature))) }
            if json { return try Files.printJSON(rows) }
            try StandardOutput.print(MatchRow.table(rows))
        }
    }

    struct Split: EngineCommand {
        static let configuration = CommandConfiguration(
            abstract: "Split a saved group; its parts replace it.")

        @Argument(help: "Its name.")
        var name: String

        @Option(help: ArgumentHelp("How many parts.", valueName: "n"))
        var count = 2

        @OptionGroup var options: EngineOptions

        func validate() throws {
            if count < 2 { throw ValidationError("--count must be at least 2.") }
        }

        func execute(_ bar: ProgressBar, _ log: Log) async throws {
            let library = try FeatureLibrary(of: Pack(options.packFolder))
            _ = try library.group(named: name)
            let (engine, _) = try await options.engine(bar, log)
            let parts = try await engine.splitGroup(named: name, into: count, in: library)
            bar.clear()
            if parts.count < 2 { return try StandardOutput.print("\(name.escaped) stays whole: its features do not differ.") }
            try Groups.print(parts, json: false, try await engine.labels(of: parts.flatMap(\.members).map(\.feature)))
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the saved groups.")

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: EngineOptions

        func run() throws {
            try Groups.print(FeatureLibrary.existing(of: Pack(options.packFolder))?.groups() ?? [], json: json, [:])
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a group.")

        @Argument(help: "Its name.")
        var name: String

        @OptionGroup var options: EngineOptions

        func run() throws { try FeatureLibrary(of: Pack(options.packFolder)).deleteGroup(name) }
    }

    fileprivate static func print(_ groups: [FeatureGroup], json: Bool, _ labels: [Int: String]) throws {
        if json { return try Files.printJSON(groups) }
        let lines = groups.map { group in
            let members = group.members.map { member in
                "  \(member.feature)\(labels[member.feature].map { " \($0.escaped)" } ?? "")  \(member.weight.text(decimals: 3))"
            }
            return ([group.name.escaped] + members).joined(separator: "\n")
        }
        try StandardOutput.print(lines.joined(separator: "\n\n"))
    }
}
