import ArgumentParser
import Foundation
import Steering

/// `fader directions …`: sliders made of words.
struct Directions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make sliders from words or phrases, and save them in the library.",
        subcommands: [Make.self, List.self, Show.self, Remove.self])

    struct Make: EngineCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a direction from one phrase to another, or towards one.",
            discussion: """
                Texts are drawn from the pack's directions.json, or from standard lists; a phrase that one of the lists has takes that list's \
                place, any other the place {word}, and a phrase with braces, such as "a {medium} of a {subject} at night", is the whole text.
                """)

        @Argument(help: ArgumentHelp("The phrase to lead away from; a single phrase is led towards.", valueName: "from"))
        var first: String

        @Argument(help: ArgumentHelp("The phrase to lead towards.", valueName: "to"))
        var second: String?

        @Option(help: ArgumentHelp("Its name (default: the phrases).", valueName: "name"))
        var name: String?

        @Option(help: ArgumentHelp("How many pairs of texts to compare.", valueName: "n"))
        var count = 200

        @Option(help: ArgumentHelp("The seed for drawing them.", valueName: "s"))
        var seed: UInt64 = 0

        @OptionGroup var options: EngineOptions

        func validate() throws {
            if !DirectionTexts.counts.contains(count) {
                throw ValidationError("--count must lie between 1 and \(DirectionTexts.counts.upperBound).")
            }
            if let name, name.isEmpty { throw ValidationError("--name must not be empty.") }
        }

        func execute(_ bar: ProgressBar, _ log: Log) async throws {
            let library = try FeatureLibrary(of: Pack(options.packFolder))
            let (engine, _) = try await options.engine(bar, log)
            let definition = Direction.Definition(from: second == nil ? nil : first, to: second ?? first, count: count, seed: seed)
            let direction = try await engine.makeDirection(definition, named: name, in: library) { bar.show($0) }
            let rows = try await MatchRow.rows(engine.features(along: direction, count: 10), engine)
            bar.clear()
            try StandardOutput.print("Saved \(direction.name.escaped) in \(library.url.path).\n\n\(MatchRow.table(rows))")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the saved directions.")

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: EngineOptions

        func run() throws {
            let directions = try FeatureLibrary.existing(of: Pack(options.packFolder))?.directions() ?? []
            if json { return try Files.printJSON(directions.map(Row.init)) }
            let table = TextTable(head: ["name", "from", "to", "texts", "seed"], isNumber: [false, false, false, true, true])
            try StandardOutput.print(
                table.text(
                    directions.map { direction in
                        let definition = direction.definition
                        return [
                            direction.name, definition?.from ?? "", definition?.to ?? "", definition.map { String($0.count) } ?? "",
                            definition.map { String($0.seed) } ?? "",
                        ]
                    }))
        }

        /// A direction without its numbers.
        private struct Row: Encodable {
            let name: String
            let definition: Direction.Definition?

            init(_ direction: Direction) { (name, definition) = (direction.name, direction.definition) }
        }
    }

    struct Show: EngineCommand {
        static let configuration = CommandConfiguration(abstract: "Show which features a direction consists of.")

        @Argument(help: "Its name.")
        var name: String

        @Option(name: [.customShort("n", allowingJoined: true), .long], help: ArgumentHelp("How many features.", valueName: "count"))
        var count = 10

        @Flag(help: "Print JSON, with the direction's numbers.")
        var json = false

        @OptionGroup var options: EngineOptions

        func validate() throws {
            if count < 1 { throw ValidationError("-n must be at least 1.") }
        }

        func execute(_ bar: ProgressBar, _ log: Log) async throws {
            let direction = try FeatureLibrary(of: Pack(options.packFolder)).direction(named: name)
            let (engine, _) = try await options.engine(bar, log)
            let rows = try await MatchRow.rows(engine.features(along: direction, count: count), engine)
            bar.clear()
            if json { return try Files.printJSON(Shown(direction: direction, features: rows)) }
            try StandardOutput.print(MatchRow.table(rows))
        }

        private struct Shown: Encodable {
            let direction: Direction
            let features: [MatchRow]
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a direction.")

        @Argument(help: "Its name.")
        var name: String

        @OptionGroup var options: EngineOptions

        func run() throws { try FeatureLibrary(of: Pack(options.packFolder)).deleteDirection(name) }
    }
}
