import ArgumentParser
import Playground

struct ExampleSettings: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Print a config.toml with every setting as it is without one, commented out.",
        discussion: "For instance: fader settings > ~/.config/fader/config.toml")

    @OptionGroup var options: EngineOptions

    func run() throws { try StandardOutput.write(Configuration.example) }
}
