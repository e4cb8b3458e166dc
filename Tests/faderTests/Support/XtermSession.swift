import Foundation
import Pictures
import TestSupport

/// The program in an xterm that shows sixel, on an X server that has no screen.
final class XtermSession {
    static let isPossible = Tool.areInstalled("Xvfb", "xterm", "xdotool", "import")

    private static let columns = 120
    private static let rows = 36

    private let home: TemporaryFolder
    private let server: Process
    private let xterm: Process
    private let environment: [String: String]
    /// The size of a character cell, in pixels.
    private let cell: (width: Int, height: Int)

    /// - Throws: when the server or xterm does not start.
    init(_ arguments: [String]) throws {
        home = try TemporaryFolder()
        let number = try home.file("display", [])
        // The server writes the number of the first display that is free. Without -noreset it begins anew, and drops who just came, whenever
        // its last client leaves: the first xdotool, say, before xterm is there.
        let screen = ["-displayfd", "1", "-noreset", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
        server = try Tool.start("Xvfb", screen, output: number)
        var display = ""
        let isReady = Tool.waits {
            display = (try? String(contentsOf: number, encoding: .utf8)) ?? ""
            return display.hasSuffix("\n")
        }
        environment = Program.environment.merging([
            "DISPLAY": ":\(display.trimmingCharacters(in: .newlines))", "LC_ALL": "C.UTF-8", "HOME": home.url.path,
        ]) { $1 }
        let looks = ["-ti", "vt340", "-bg", "black", "-fg", "white", "-b", "0", "-bw", "0", "+sb"]
        let place = ["-geometry", "\(Self.columns)x\(Self.rows)+0+0"]
        do {
            guard isReady else { throw CocoaError(.executableLoad) }
            xterm = try Tool.start("xterm", looks + place + ["-e", Program.executable.path] + arguments, environment: environment)
            let size = try Self.windowSize(environment)
            cell = (size.width / Self.columns, size.height / Self.rows)
        } catch {
            server.terminate()
            throw error
        }
        // Without a window manager, keys go to the window under the pointer.
        _ = Tool.output("xdotool", ["mousemove", "40", "40"], environment: environment)
    }

    deinit {
        if xterm.isRunning { xterm.terminate() }
        server.terminate()
    }

    /// Presses keys by their X names.
    func press(_ keys: String...) {
        _ = Tool.output("xdotool", ["key"] + keys, environment: environment)
    }

    /// What some cells of the window show now.
    func picture(columns: Range<Int>, rows: Range<Int>) -> Picture? {
        guard let data = Tool.output("import", ["-window", "root", "png:-"], environment: environment) else { return nil }
        return try? Picture(data: data, name: "the screen").cropped(
            x: columns.lowerBound * cell.width, y: rows.lowerBound * cell.height, width: columns.count * cell.width,
            height: rows.count * cell.height)
    }

    /// Waits for the program to end.
    /// - Returns: whether it did.
    func ends() -> Bool { Tool.waits { !xterm.isRunning } }

    private static func windowSize(_ environment: [String: String]) throws -> (width: Int, height: Int) {
        let search = ["search", "--onlyvisible", "--class", "xterm", "getwindowgeometry", "--shell"]
        var size: (width: Int, height: Int)?
        _ = Tool.waits {
            let answer = Tool.output("xdotool", search, environment: environment).map { String(decoding: $0, as: UTF8.self) } ?? ""
            if let width = answer.firstMatch(of: /WIDTH=(\d+)/), let height = answer.firstMatch(of: /HEIGHT=(\d+)/) {
                size = Int(width.1).flatMap { width in Int(height.1).map { (width, $0) } }
            }
            return size != nil
        }
        guard let size else { throw CocoaError(.executableLoad) }
        return size
    }
}
