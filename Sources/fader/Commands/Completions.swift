import ArgumentParser

struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the completions for a shell.",
        discussion: """
            For bash:  fader completions bash > ~/.local/share/bash-completion/completions/fader
            For zsh:   fader completions zsh > ~/.zfunc/_fader   (with ~/.zfunc in fpath)
            For fish:  fader completions fish > ~/.config/fish/completions/fader.fish
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    @OptionGroup var options: EngineOptions

    func run() throws {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        try StandardOutput.write(Fader.completionScript(for: kind) + "\n")
    }
}
