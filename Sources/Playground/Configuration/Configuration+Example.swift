import Terminal

extension Configuration {
    /// A file with every setting, commented out: as it stands without the file, where that can be written down.
    public static var example: String {
        let keys = Bindings.standard.all.map { binding in
            let names = binding.keys.compactMap(\.configuredName).map { "\"\(escaped($0))\"" }.joined(separator: ", ")
            return "# \(binding.action.name) = [\(names)]  # \(binding.help)"
        }
        let colors = Theme.Role.allCases.map { "# \($0.rawValue) = \"#5fafd7\"" }
        return """
            # What Fader reads from $XDG_CONFIG_HOME/fader/config.toml, or ~/.config/fader/config.toml. Take away the "# " in front of a setting,
            # and of the table that it is in, to change it.

            # The pack that is opened where none is named: its folder, or a name of fader pack list.
            # pack = "/path/to/a/pack"
            # How pictures are shown: auto, \(GraphicsProtocol.allCases.map(\.rawValue).joined(separator: ", ")).
            # graphics = "auto"
            # Whether Fader takes the mouse.
            # mouse = true
            # Which colours the screen has: \(Theme.Choice.allCases.map(\.rawValue).joined(separator: ", ")).
            # theme = "auto"

            # What keys do: names such as "x", "R", "ctrl-x", "shift-left", "f1" or "space"; a key does one thing, and an empty list takes all keys away.
            # [keys]
            \(keys.joined(separator: "\n"))

            # Colours of the screen's parts: "#5fafd7", or a number of the 256-colour palette.
            # [colors]
            \(colors.joined(separator: "\n"))

            """
    }

    private static func escaped(_ text: String) -> String { text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }
}
