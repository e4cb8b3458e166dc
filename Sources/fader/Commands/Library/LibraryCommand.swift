import ArgumentParser
import Foundation
import Steering

/// `fader library …`: what is known of a pack's features.
struct LibraryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library", abstract: "Build, search and label the library of a pack's features.",
        discussion: """
            The library is features.sqlite in the pack, or, where that cannot be written, a file under $XDG_DATA_HOME/fader. Without one, it begins
            with what the pack's features.json says.
            """,
        subcommands: [
            LibraryBuildCommand.self, LibraryMergeCommand.self, LibrarySearch.self, LibraryShow.self, LibraryExport.self,
            LibraryLabel.self, LibraryImportLabels.self,
        ])

    /// Where the library is.
    struct Place: ParsableArguments {
        @Option(
            help: ArgumentHelp("The library's file (default: the pack's own).", valueName: "file"),
            completion: .file(extensions: ["sqlite"]))
        var library: String?

        var url: URL? { library.map { URL(fileURLWithPath: $0) } }
    }

    /// The options of commands that only read or write the library.
    struct Options: ParsableArguments {
        @OptionGroup var place: Place
        @OptionGroup var common: EngineOptions

        func library() throws -> FeatureLibrary { try FeatureLibrary(of: Pack(common.packFolder), at: place.url) }
    }
}

extension LibraryShard: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension FeatureOrder: ExpressibleByArgument {}
