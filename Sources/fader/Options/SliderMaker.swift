import Foundation
import Steering

/// Turns what was named on the command line into sliders.
struct SliderMaker {
    let pack: URL
    /// The recipe's edits.
    let stack: EditStack
    /// The picture's live features.
    let features: [Feature]

    /// - Throws: `LibraryError` when the pack's library has no direction or group of the name; `FeatureNameError`.
    func slider(_ choice: SliderChoice, count: Int) throws -> SheetSlider {
        let (target, usual) = try target(choice)
        return try SheetSlider(
            target, from: choice.from ?? usual.lowerBound, to: choice.to ?? usual.upperBound, count: count)
    }

    /// What is moved, and between which ends unless others are named.
    private func target(_ choice: SliderChoice) throws -> (SheetSlider.Target, ClosedRange<Float>) {
        switch choice.kind {
        case .feature: return try feature(choice.name)
        case .edit: return (.edit((Int(choice.name) ?? 0) - 1), 0...1)
        case .group: return (.group(try library.group(named: choice.name)), -1...1)
        case .direction: return along(try direction(choice.name) ?? library.direction(named: choice.name))
        case .either: return try direction(choice.name).map(along) ?? feature(choice.name)
        }
    }

    private func feature(_ name: String) throws -> (SheetSlider.Target, ClosedRange<Float>) {
        let index = try FeatureNames(pack: Pack(pack)).feature(named: name)
        let feature = features.first { $0.index == index }
        return (.feature(index), 0...2 * max(feature?.maximum ?? feature?.activation ?? 10, 1e-3))
    }

    private func along(_ direction: Direction) -> (SheetSlider.Target, ClosedRange<Float>) { (.direction(direction), -0.5...0.5) }

    /// The recipe's own direction of this name, or else the library's.
    private func direction(_ name: String) throws -> Direction? {
        try stack.directions.first { $0.name == name } ?? library.directions().first { $0.name == name }
    }

    private var library: FeatureLibrary {
        get throws { try FeatureLibrary(of: Pack(pack)) }
    }
}
