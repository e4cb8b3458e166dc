import Foundation
import Steering

/// Turns what was named on the command line into sliders.
struct SliderMaker {
    let pack: URL
    /// The recipe's edits.
    let stack: EditStack
    /// The picture's live features.
    let features: [Feature]

    /// - Throws: `LibraryError` when the pack's library has no direction or group of the name.
    func slider(_ choice: SliderChoice, count: Int) throws -> SheetSlider {
        let (target, usual) = try target(choice)
        return try SheetSlider(
            target, from: choice.from ?? usual.lowerBound, to: choice.to ?? usual.upperBound, count: count)
    }

    /// What is moved, and between which ends unless others are named.
    private func target(_ choice: SliderChoice) throws -> (SheetSlider.Target, ClosedRange<Float>) {
        switch choice.kind {
        case .feature:
            let index = Int(choice.name) ?? 0
            let feature = features.first { $0.index == index }
            return (.feature(index), 0...2 * max(feature?.maximum ?? feature?.activation ?? 10, 1e-3))
        case .edit: return (.edit((Int(choice.name) ?? 0) - 1), 0...1)
        case .group: return (.group(try library.group(named: choice.name)), -1...1)
        case .direction:
            let own = stack.directions.first { $0.name == choice.name }
            return (.direction(try own ?? library.direction(named: choice.name)), -0.5...0.5)
        }
    }

    private var library: FeatureLibrary {
        get throws { try FeatureLibrary(of: Pack(pack)) }
    }
}
