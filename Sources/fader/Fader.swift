import ArgumentParser

struct Fader: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fader",
        abstract: "Steer pictures by the features inside the model.",
        discussion: """
            Without a command, fader opens the playground in the terminal: the picture's features as sliders, and the picture before and
            after, side by side.
            """,
        version: "0.1.0",
        subcommands: [
            Play.self, Features.self, Render.self, Apply.self, Strip.self, Grid.self, Transfer.self, Directions.self, Groups.self,
            Preprocess.self, Generate.self, Serve.self, DrawScenes.self, Train.self, PackCommand.self, LibraryCommand.self,
            JobsCommand.self,
            Doctor.self,
            Completions.self, Manual.self, ExampleSettings.self,
        ],
        defaultSubcommand: Play.self)
}
