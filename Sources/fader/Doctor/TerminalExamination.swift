import Foundation
import Terminal

extension Examination {
    /// The terminal that standard output goes to, if it is one; a terminal that does not answer is waited for two seconds.
    @MainActor static func terminal(_ environment: [String: String]) -> Examination {
        let libraries = [Finding("ncurses", LibraryVersions.ncurses), Finding("libsixel", LibraryVersions.sixel)]
        let variables = ["TERM", "COLORTERM", "LANG", "TMUX", "NO_COLOR"].compactMap { name in
            environment[name].map { Finding(name, $0.isEmpty ? "(empty)" : $0) }
        }
        let (answers, summary) = connection(environment)
        return Examination(subject: "terminal", findings: libraries + variables + answers, summary: summary)
    }

    @MainActor private static func connection(_ environment: [String: String]) -> ([Finding], String) {
        guard isatty(STDOUT_FILENO) == 1 else { return ([Finding("connected", .flag(false))], "standard output is none") }
        do {
            let capabilities = try TerminalProbe.capabilities(of: TerminalDevice(), environment: environment)
            return ([Finding("connected", .flag(true))] + answers(capabilities), summary(capabilities))
        } catch {
            return ([Finding("connected", .flag(false), advice: Sentence.of(error))], "it cannot be asked")
        }
    }

    private static func summary(_ terminal: Capabilities) -> String {
        let (cells, cell) = (terminal.window.cells, terminal.cell)
        let graphics = terminal.graphics.map(\.rawValue).joined(separator: ", ")
        return
            "\(terminal.version ?? "of an unknown kind"), \(cells.columns) × \(cells.rows) cells of \(cell.width) × \(cell.height) pixels, "
            + "\(terminal.pictureColors.rawValue) colours, pictures by \(graphics)"
    }

    private static func answers(_ terminal: Capabilities) -> [Finding] {
        [
            Finding("answers", .flag(terminal.isSettled), advice: terminal.isSettled ? nil : "The terminal did not answer."),
            Finding("version", terminal.version ?? "unknown"),
            Finding("columns", .number(terminal.window.cells.columns)),
            Finding("rows", .number(terminal.window.cells.rows)),
            Finding("cell", "\(terminal.cell.width) × \(terminal.cell.height) pixels"),
            Finding("colours", .number(terminal.pictureColors.rawValue)),
            Finding("unicode", .flag(terminal.isUnicode), advice: terminal.isUnicode ? nil : "Set LANG to a UTF-8 locale for half blocks."),
            Finding("sixel", .flag(terminal.hasSixel)),
            Finding("graphics", .list(terminal.graphics.map(\.rawValue)), advice: terminal.limitation),
        ]
    }
}
