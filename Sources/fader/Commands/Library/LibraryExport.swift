import ArgumentParser
import Foundation
import Steering

struct LibraryExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print all features as CSV or JSON, by index.")

    enum Format: String, EnumerableFlag {
        case csv, json
    }

    @Flag(help: "How to print.")
    var format = Format.csv

    @OptionGroup var options: LibraryCommand.Options

    private static let page = 10_000

    func run() throws {
        let library = try options.library()
        try Self.write(format == .csv ? CSV.line(LibraryRow.columns) : "[")
        for start in stride(from: 0, to: library.featureCount, by: Self.page) {
            let rows = try library.features(orderedBy: .index, from: start, count: Self.page).map(LibraryRow.init)
            switch format {
            case .csv: try Self.write(rows.map { CSV.line($0.fields) }.joined())
            case .json: try Self.write((start > 0 ? "," : "") + "\n" + rows.map(Self.json).joined(separator: ",\n"))
            }
        }
        if format == .json { try Self.write("\n]\n") }
    }

    private static func json(_ row: LibraryRow) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return String(decoding: try encoder.encode(row), as: UTF8.self)
    }

    private static func write(_ text: String) throws { try StandardOutput.write(text) }
}
