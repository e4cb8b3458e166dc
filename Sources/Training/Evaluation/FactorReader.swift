import Foundation
import Networks
import Scenes
import Tensors

/// Reads the factors of pictures with a reader that was trained on drawn scenes alone.
struct FactorReader {
    private let reader: PictureReader

    /// - Parameter file: the weights of `ReaderTrainer`.
    /// - Throws: `TrainingError.missingStage` when there is no such file.
    init(contentsOf file: URL, side: Int) throws {
        guard FileManager.default.fileExists(atPath: file.path) else { throw TrainingError.missingStage(file: file.path, stage: "reader") }
        reader = try PictureReader(Weights(CheckpointSource(SafetensorsFile(contentsOf: file), on: .ambient)), side: side)
    }

    /// What it sees in each of the pictures `[count, 3, side, side]` in −1…1.
    func readings(of pictures: Tensor) throws -> [FactorReading] {
        let (logits, _) = try reader.readers.read(reader(pictures))
        let probabilities = try zip(Factor.allCases, logits).map { factor, logits in
            (factor, width: factor.values.count, numbers: try logits.softmax().floats().map(Double.init))
        }
        return (0..<pictures.size(0)).map { picture in
            FactorReading(
                probabilities: Dictionary(
                    uniqueKeysWithValues: probabilities.map { factor, width, numbers in
                        (factor, Array(numbers[picture * width..<(picture + 1) * width]))
                    }))
        }
    }
}

/// How probable the factor reader finds every value of every factor in one picture.
struct FactorReading {
    /// By factor, one number for each value; they add up to 1.
    let probabilities: [Factor: [Double]]

    /// The most probable value.
    subscript(factor: Factor) -> Int {
        let numbers = probabilities[factor] ?? []
        return numbers.indices.max { numbers[$0] < numbers[$1] } ?? 0
    }

    /// The share of the probability that lies elsewhere in another reading of a factor, 0…1 (the total variation distance).
    func change(of factor: Factor, to other: FactorReading) -> Double {
        zip(probabilities[factor] ?? [], other.probabilities[factor] ?? []).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
    }

    /// The logarithm of how many times as probable a value is than all others together, −7…7.
    func logOdds(of value: Int, _ factor: Factor) -> Double {
        let least = 1e-3
        let probability = min(max(probabilities[factor]?[value] ?? 0, least), 1 - least)
        return log(probability / (1 - probability))
    }
}

/// For every factor, one number for each example: whether it was read as it should have been, 1 or 0.
struct FactorHits {
    private var hits: [Factor: [Double]] = [:]

    mutating func add(_ read: [FactorReading], expected: [Scene]) {
        for (reading, scene) in zip(read, expected) {
            for factor in Factor.allCases { hits[factor, default: []].append(reading[factor] == scene[factor] ? 1 : 0) }
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
