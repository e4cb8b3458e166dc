import ArgumentParser
import Steering

struct Grid: SheetCommand {
    static let configuration = CommandConfiguration(
        abstract: "Render two sliders at several values each, in rows and columns of one picture.",
        discussion: """
            A slider is a feature's number or label, the name of a direction, group:NAME, or edit:N for an edit of the recipe, with its ends \
            if they are not the usual ones: 12=0..20, night=0..5, day-night=-0.4..0.4, group:sky=0..1. Where a direction and a feature have \
            one name, direction:NAME and feature:NAME tell them apart.
            """)

    @Option(help: ArgumentHelp("The slider from left to right.", valueName: "slider"))
    var across: NamedSlider

    @Option(help: ArgumentHelp("The slider from top to bottom.", valueName: "slider"))
    var down: NamedSlider

    @Option(help: ArgumentHelp("How many values from left to right.", valueName: "n"))
    var columns = 5

    @Option(help: ArgumentHelp("How many values from top to bottom.", valueName: "n"))
    var rows = 5

    @OptionGroup var sheet: SheetOptions

    func validate() throws {
        for (name, count) in [("columns", columns), ("rows", rows)] where !(2...SheetSlider.limit).contains(count) {
            throw ValidationError("--\(name) must lie between 2 and \(SheetSlider.limit).")
        }
    }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        try await sheet.makeSheet(across: (across, columns), down: (down, rows), bar, log)
    }
}
