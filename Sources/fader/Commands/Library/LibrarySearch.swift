import ArgumentParser
import Foundation
import Steering

struct LibrarySearch: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Search the features by the words of their labels or, with --meaning, by meaning.")

    @Argument(help: "Words, or the beginnings of words; without any, all features are listed.")
    var words: [String] = []

    @Option(name: [.customShort("n", allowingJoined: true), .long], help: ArgumentHelp("How many features to list.", valueName: "count"))
    var count = 20

    @Option(
        help: ArgumentHelp("Sort by index, density or maximum.", valueName: "order"),
        completion: .list(FeatureOrder.allCases.map(\.rawValue)))
    var sort = FeatureOrder.density

    @Flag(help: "Search by meaning, with the text tower: features whose directions or strongest pictures lie nearest to the words.")
    var meaning = false

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var place: LibraryCommand.Place
    @OptionGroup var options: EngineOptions

    func validate() throws {
        if count < 1 { throw ValidationError("-n must be at least 1.") }
        if meaning && words.isEmpty { throw ValidationError("--meaning needs words.") }
    }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        let library = try FeatureLibrary(of: Pack(options.packFolder), at: place.url)
        let text = words.joined(separator: " ")
        if meaning {
            try await searchByMeaning(text, library, bar, log)
        } else {
            let rows = try library.features(matching: text, orderedBy: sort, count: count).map(LibraryRow.init)
            try json ? Files.printJSON(rows) : StandardOutput.print(LibraryRow.table(rows))
        }
    }

    private func searchByMeaning(_ text: String, _ library: FeatureLibrary, _ bar: ProgressBar, _ log: Log) async throws {
        let (engine, _) = try await options.engine(bar, log)
        let matches = try await engine.features(meaning: text, in: library, count: count) { bar.show($0) }
        bar.clear()
        let found = Found(byDirection: try Self.rows(matches.byDirection, library), byPictures: try Self.rows(matches.byPictures, library))
        if json { return try Files.printJSON(found) }
        var parts = ["By their directions:", Self.table(found.byDirection)]
        if !found.byPictures.isEmpty { parts += ["", "By their strongest pictures:", Self.table(found.byPictures)] }
        try StandardOutput.print(parts.joined(separator: "\n"))
    }

    private struct Found: Encodable {
        let byDirection, byPictures: [Match]
    }

    private struct Match: Encodable {
        let feature: LibraryRow
        let score: Float
    }

    private static func rows(_ matches: [FeatureMatch], _ library: FeatureLibrary) throws -> [Match] {
        try zip(library.features(matches.map(\.feature)), matches).map { Match(feature: LibraryRow($0), score: $1.score) }
    }

    private static func table(_ matches: [Match]) -> String { LibraryRow.table(matches.map(\.feature), scores: matches.map(\.score)) }
}
