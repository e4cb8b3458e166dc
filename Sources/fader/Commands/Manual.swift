import ArgumentParser
import Foundation

struct Manual: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the manual page, in man's format.", discussion: "For instance: fader manual | man -l -")

    @OptionGroup var options: EngineOptions

    func run() throws {
        let tool = try JSONDecoder().decode(ManualPage.Tool.self, from: Data(Fader._dumpHelp().utf8))
        try StandardOutput.write(ManualPage(tool.command, version: Fader.configuration.version).text)
    }
}

/// A manual page of a command and all its subcommands, made of what ArgumentParser knows of them.
struct ManualPage {
    struct Tool: Decodable {
        let command: Command
    }

    struct Command: Decodable {
        let commandName: String
        let abstract, discussion: String?
        let shouldDisplay: Bool?
        let subcommands: [Command]?
        let arguments: [Argument]?
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            let kind, name: String
        }

        let kind: String
        let shouldDisplay: Bool
        let isOptional: Bool
        let isRepeating: Bool
        let names: [Name]?
        let valueName, abstract, discussion, defaultValue: String?
    }

    private let command: Command
    private let version: String
    /// Options that every command has are told once.
    private let common: Set<String>

    init(_ command: Command, version: String) {
        self.command = command
        self.version = version
        common = ["pack", "device", "dtype", "threads", "log", "quiet", "help", "version"]
    }

    var text: String {
        var lines = [
            ".TH FADER 1 \"\" \"Fader \(version)\" \"User Commands\"", ".SH NAME", "fader \\- \(Self.plain(command.abstract ?? ""))",
            ".SH SYNOPSIS", ".B fader", "[\\fICOMMAND\\fR] [\\fIARGUMENTS\\fR]", ".SH DESCRIPTION", Self.plain(command.discussion ?? ""),
            ".SH OPTIONS OF ALL COMMANDS",
        ]
        let sample = command.subcommands?.first { $0.commandName == "features" }
        lines += (sample?.arguments ?? []).filter { isCommon($0) }.flatMap(Self.lines)
        lines.append(".SH COMMANDS")
        lines += (command.subcommands ?? []).flatMap { section($0, path: command.commandName) }
        lines += Self.ending
        return lines.joined(separator: "\n") + "\n"
    }

    private func isCommon(_ argument: Argument) -> Bool { (argument.names ?? []).contains { common.contains($0.name) } }

    private func section(_ command: Command, path: String) -> [String] {
        guard command.shouldDisplay ?? true, command.commandName != "help" else { return [] }
        let name = "\(path) \(command.commandName)"
        let arguments = (command.arguments ?? []).filter { $0.shouldDisplay && !isCommon($0) }
        let usage = arguments.map(Self.usage).joined(separator: " ")
        let heading = [".SS \(Self.plain(name))", "\\fB\(Self.plain(name))\\fR \(usage)", ".PP", Self.plain(command.abstract ?? "")]
        let discussion = command.discussion.map { [".PP", Self.plain($0)] } ?? []
        return heading + discussion + arguments.flatMap(Self.lines) + (command.subcommands ?? []).flatMap { section($0, path: name) }
    }

    private static func usage(_ argument: Argument) -> String {
        let value = argument.valueName.map { "\\fI\(plain($0))\\fR" } ?? ""
        let name = argument.names?.last.map { spelling($0) }
        let shown = [name.map { "\\fB\($0)\\fR" }, argument.kind == "flag" ? nil : value].compactMap { $0 }.joined(separator: " ")
        return (argument.isOptional ? "[\(shown)]" : shown) + (argument.isRepeating ? " ..." : "")
    }

    private static func lines(_ argument: Argument) -> [String] {
        let names = (argument.names ?? []).map { "\\fB\(spelling($0))\\fR" }.joined(separator: ", ")
        let value = argument.kind == "flag" ? "" : argument.valueName.map { "\\fI\(plain($0))\\fR" } ?? ""
        let standard = argument.defaultValue.map { " (default: \(plain($0)))" } ?? ""
        return [".TP", [names, value].filter { !$0.isEmpty }.joined(separator: " "), plain(argument.abstract ?? "") + standard]
    }

    private static func spelling(_ name: Argument.Name) -> String { plain((name.kind == "long" ? "--" : "-") + name.name) }

    /// Text in which roff sees no requests.
    private static func plain(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("'", with: "\\(aq")
            .split(separator: "\n", omittingEmptySubsequences: true)
            .map { $0.hasPrefix(".") ? "\\&\($0)" : String($0) }.joined(separator: "\n")
    }

    private static let ending = [
        ".SH EXIT STATUS",
        "0 if everything succeeded, 1 if something failed, 2 if the arguments are wrong, 130 if Ctrl\\-C ended it.",
        ".SH FILES", ".TP", "\\fI$XDG_CONFIG_HOME/fader/config.toml\\fR", "Keys, colours, graphics and the usual pack;",
        "\\fBfader settings\\fR prints an example.",
        ".TP", "\\fI$XDG_STATE_HOME/fader\\fR", "Sessions of the playground, and the queue of jobs.",
        ".TP", "\\fI$XDG_DATA_HOME/fader\\fR", "What is known of the features of packs that cannot be written.", ".SH ENVIRONMENT", ".TP",
        "\\fBFADER_PACK\\fR", "The pack that is used where none is named.",
    ]
}
