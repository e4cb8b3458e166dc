import Foundation

/// Screens as they ought to be, in Fixtures; with `FADER_RECORD_SCREENS=1` in the environment the tests record them anew, but never in CI.
enum Golden {
    private static let environment = ProcessInfo.processInfo.environment
    private static let isRecording = environment["FADER_RECORD_SCREENS"] == "1" && environment["CI", default: ""].isEmpty

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    /// The recorded screen; while recording, the one given.
    static func screen(_ name: String, recording screen: String) throws -> String {
        let url = folder.appendingPathComponent("\(name).txt")
        if isRecording { try Data((screen + "\n").utf8).write(to: url) }
        return String(try String(contentsOf: url, encoding: .utf8).dropLast())
    }
}
