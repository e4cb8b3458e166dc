import ArgumentParser
import Foundation
import Steering

struct PackFind: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "Make a pack of the published repositories where they have been downloaded already; copies nothing.",
        discussion: """
            Looks into the folders, what is directly in them, and the hub's caches: $HF_HUB_CACHE, $HUGGINGFACE_HUB_CACHE, $HF_HOME/hub,
            $XDG_CACHE_HOME/huggingface/hub and ~/.cache/huggingface/hub.
            """)

    @Argument(help: "Where to look before that.", completion: .directory)
    var folders: [String] = []

    @Option(help: ArgumentHelp("The name of the pack.", valueName: "name"))
    var name = "kandinsky"

    @OptionGroup var options: EngineOptions

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let folders = folders.map { ($0 as NSString).expandingTildeInPath }
        for folder in folders where !FileManager.default.fileExists(atPath: folder) {
            throw CommandError.unreadable(folder, reason: "there is no such folder")
        }
        let description = try RepositorySearch(folders: folders.map { URL(fileURLWithPath: $0) }, environment: environment).description()
        try NamedPacks(environment: environment).add(name, description)
        let lines = [description.prior, description.decoder, description.sae].compactMap { $0 }
        try StandardOutput.print((lines.map(\.escaped) + ["", "fader PICTURE --pack \(name) opens it."]).joined(separator: "\n"))
    }
}

struct PackList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the packs that go by a name.")

    @OptionGroup var options: EngineOptions

    func run() throws {
        let entries = NamedPacks(environment: ProcessInfo.processInfo.environment).entries
        let table = TextTable(head: ["name", "state", "folder"], isNumber: [false, false, false])
        if entries.isEmpty {
            StandardError.say("There are none; fader pack get downloads one, and fader pack find makes one of what has been downloaded.")
        } else {
            try StandardOutput.print(table.text(entries.map { [$0.name, $0.state.rawValue, $0.folder.path] }))
        }
    }
}

struct PackRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a pack that goes by a name: what Fader wrote or downloaded, and nothing else.",
        discussion: "Repositories that pack find points to are kept. The pack's feature library is removed, with its labels and directions."
    )

    @Argument(help: "A name of fader pack list.")
    var name: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var options: EngineOptions

    func run() throws {
        let packs = NamedPacks(environment: ProcessInfo.processInfo.environment)
        guard let entry = packs.entries.first(where: { $0.name == name }) else { throw NamedPackError.unknown(name) }
        let what = entry.state == .found ? "its description and library, not the weights" : "with everything that was downloaded for it"
        try Question.confirm("Remove \(entry.folder.path), \(what)?", unless: yes)
        if let rest = try packs.remove(name) {
            StandardError.say("\(rest.path): this folder stays, because it holds files that Fader did not write.")
        }
    }
}
