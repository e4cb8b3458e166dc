// Raises a feature, found by its label, in a picture:
//
//     swift run SteeringExample assets/samples/01.png night night.png
import Foundation
import Pictures
import Steering

let arguments = CommandLine.arguments
guard arguments.count == 4 else {
    print("Usage: SteeringExample PICTURE LABEL OUT.png")
    exit(2)
}
let (source, label, output) = (URL(fileURLWithPath: arguments[1]), arguments[2], URL(fileURLWithPath: arguments[3]))
let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["FADER_PACK"] ?? "assets/demo")

// The library knows the features of a pack by name; the engine computes with its networks.
let library = try FeatureLibrary(of: Pack(folder))
guard let feature = try library.features(matching: label, count: 1).first else {
    print("No feature is labelled \"\(label)\".")
    exit(1)
}
let engine = Engine()
let pack = try await engine.open(folder)

// Analysing a picture finds its embedding and features; the edits say what shall change.
let analysis = try await engine.analyse(Picture(contentsOf: source))
var edits = EditStack()
edits.set(feature: feature.index, to: feature.typicalActivation ?? 10)

let request = RenderRequest(.picture(analysis.id), stack: edits, sampling: Sampling(steps: pack.steps), size: .original)
let picture = try await engine.render(request) { progress in print("\(progress.stage) \(progress.step)/\(progress.count)") }
try picture.write(toPNG: output)
