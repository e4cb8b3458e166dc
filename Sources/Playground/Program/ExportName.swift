import Foundation

extension URL {
    /// Where the steered picture goes: `house.jpg` gives `house-fader.png` in the same folder, or where that is taken `house-fader-2.png`
    /// and so on.
    func exportDestination(isTaken: (URL) -> Bool = { FileManager.default.fileExists(atPath: $0.path) }) -> URL {
        let folder = deletingLastPathComponent()
        let name = deletingPathExtension().lastPathComponent + "-fader"
        var destination = folder.appendingPathComponent(name + ".png")
        var number = 2
        while isTaken(destination) {
            destination = folder.appendingPathComponent("\(name)-\(number).png")
            number += 1
        }
        return destination
    }
}
