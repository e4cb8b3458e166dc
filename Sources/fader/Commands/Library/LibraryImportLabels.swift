import ArgumentParser
import Foundation
import Steering

struct LibraryImportLabels: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-labels", abstract: "Import your labels from a CSV or JSON file, all or none.",
        discussion:
            "CSV has index,label to a line; JSON is a list of objects with \"index\" and \"label\", or an object of labels by number.")

    @Argument(help: ArgumentHelp("The file; - is standard input.", valueName: "file"), completion: .file(extensions: ["csv", "json"]))
    var file: String

    @OptionGroup var options: LibraryCommand.Options

    func run() throws {
        try Files.protect([file], from: options.place.library.map { [$0] } ?? [])
        let data = try Files.read(file)
        let library = try options.library()
        let labels = try LabelFile(data, name: file, featureCount: library.featureCount).labels
        try library.setLabels(labels)
        try StandardOutput.print("\(labels.count) labels")
    }
}
