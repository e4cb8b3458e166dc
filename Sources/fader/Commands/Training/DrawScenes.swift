import ArgumentParser
import Files
import Foundation
import Pictures
import Scenes

struct DrawScenes: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenes", abstract: "Draw scenes of the demo world, with their factors and masks.",
        discussion: "Writes 00000.png, 00001.png, … and scenes.jsonl; the same seed gives the same files on any machine.")

    @Argument(help: "The folder to write to; it is created if missing.")
    var folder: String

    @Option(help: ArgumentHelp("How many scenes to draw.", valueName: "n"))
    var count = 16

    @Option(help: ArgumentHelp("The seed of the series.", valueName: "s"))
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("The side of a picture in pixels.", valueName: "pixels"))
    var size = 128

    @OptionGroup var options: EngineOptions

    func validate() throws {
        if !(1...100_000).contains(count) { throw ValidationError("--count must lie between 1 and 100000.") }
        if !(16...4096).contains(size) { throw ValidationError("--size must lie between 16 and 4096.") }
    }

    func run() throws {
        let place = URL(fileURLWithPath: folder)
        do {
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        } catch {
            throw CommandError.unwritable(folder)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = Data()
        for index in 0..<count {
            let scene = Scene(seed: seed, index: index)
            let name = String(index).leftPadding(to: 5, with: "0") + ".png"
            try Picture(width: size, height: size, pixels: scene.drawn(size: size)).write(toPNG: place.appendingPathComponent(name))
            lines += try encoder.encode(Line(name, scene, caption: scene.caption(seed: seed, index: index), size: size)) + Data("\n".utf8)
        }
        try AtomicFile.write(lines, to: place.appendingPathComponent("scenes.jsonl"))
    }

    /// What is known of one picture.
    private struct Line: Encodable {
        let file: String
        let factors: [String: String]
        let placement: ScenePlacement
        let caption: String
        let masks: [RunLengthMask]

        init(_ file: String, _ scene: Scene, caption: String, size: Int) {
            self.file = file
            factors = Dictionary(uniqueKeysWithValues: Factor.allCases.map { ($0.rawValue, $0.values[scene[$0]]) })
            placement = scene.placement
            self.caption = caption
            masks = scene.masks(size: size)
        }
    }
}
