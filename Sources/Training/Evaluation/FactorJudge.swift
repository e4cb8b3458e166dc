import Foundation
import Networks
import Scenes
import Tensors

/// Reads the factors of pictures with a reader that was trained on drawn scenes alone.
struct FactorJudge {
    private let reader: PictureReader

    /// - Parameter file: the weights of `ReaderTrainer`.
    init(contentsOf file: URL, side: Int) throws {
        reader = try PictureReader(Weights(CheckpointSource(SafetensorsFile(contentsOf: file))), side: side)
    }

    /// The index of the value of every factor, for each of the pictures `[count, 3, side, side]` in −1…1.
    func values(of pictures: Tensor) throws -> [[Factor: Int]] {
        let (logits, _) = try reader.readers.read(reader(pictures))
        let values = try logits.map { try $0.argmax(1).integers() }
        return (0..<pictures.size(0)).map { picture in
            Dictionary(uniqueKeysWithValues: Factor.allCases.indices.map { (Factor.allCases[$0], values[$0][picture]) })
        }
    }

    /// The probability of one value of one factor in each picture.
    func probability(of value: Int, _ factor: Factor, in pictures: Tensor) throws -> [Double] {
        guard let place = Factor.allCases.firstIndex(of: factor) else { return [] }
        let logits = try reader.readers.read(reader(pictures)).logits[place]
        return try logits.softmax().narrowed(1, from: value, length: 1).floats().map(Double.init)
    }
}

/// For every factor, one number for each example: whether it was read as it should have been, 1 or 0.
struct FactorHits {
    private var hits: [Factor: [Double]] = [:]

    mutating func add(_ read: [[Factor: Int]], expected: [Scene]) {
        for (values, scene) in zip(read, expected) {
            for factor in Factor.allCases { hits[factor, default: []].append(values[factor] == scene[factor] ? 1 : 0) }
        }
    }

    /// By factor, and over all of them under `mean`.
    func measured() throws -> [String: Measurement] {
        var figures = try Dictionary(uniqueKeysWithValues: hits.map { ($0.rawValue, try Measurement(meanOf: $1)) })
        let count = hits.values.map(\.count).min() ?? 0
        let means = (0..<count).map { example in hits.values.reduce(0) { $0 + $1[example] } / Double(hits.count) }
        figures["mean"] = try Measurement(meanOf: means)
        return figures
    }
}
