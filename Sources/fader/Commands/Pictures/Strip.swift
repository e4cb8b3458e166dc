import ArgumentParser
import Steering

struct Strip: SheetCommand {
    static let configuration = CommandConfiguration(
        abstract: "Render one slider at several values, side by side in one picture.",
        discussion: "A feature's values are its activation; a direction's and a group's how much of it is added; an edit's its strength.")

    @Option(help: ArgumentHelp("The feature to vary, by number or label.", valueName: "feature"))
    var feature: FeatureName?

    @Option(help: ArgumentHelp("The saved direction to vary; see fader directions.", valueName: "name"))
    var direction: String?

    @Option(help: ArgumentHelp("The saved group to vary; see fader groups.", valueName: "name"))
    var group: String?

    @Option(help: ArgumentHelp("The recipe's edit whose strength to vary, counted from 1.", valueName: "n"))
    var edit: Int?

    @Option(name: .customLong("from"), parsing: .unconditional, help: ArgumentHelp("The first value.", valueName: "value"))
    var start: Float?

    @Option(name: .customLong("to"), parsing: .unconditional, help: ArgumentHelp("The last value.", valueName: "value"))
    var end: Float?

    @Option(help: ArgumentHelp("How many values.", valueName: "n"))
    var count = 7

    @OptionGroup var sheet: SheetOptions

    func validate() throws {
        if choices.count != 1 { throw ValidationError("Give one of --feature, --direction, --group and --edit.") }
        if edit != nil && sheet.recipe == nil { throw ValidationError("--edit needs the recipe: give --recipe.") }
        if !(2...SheetSlider.limit).contains(count) { throw ValidationError("--count must lie between 2 and \(SheetSlider.limit).") }
    }

    func execute(_ bar: ProgressBar, _ log: Log) async throws {
        var choice = choices[0]
        (choice.from, choice.to) = (start, end)
        try await sheet.makeSheet(across: (choice, count), down: nil, bar, log)
    }

    private var choices: [NamedSlider] {
        [
            feature.map { NamedSlider(kind: .feature, name: $0.text) }, direction.map { NamedSlider(kind: .direction, name: $0) },
            group.map { NamedSlider(kind: .group, name: $0) }, edit.map { NamedSlider(kind: .edit, name: String($0)) },
        ].compactMap { $0 }
    }
}
