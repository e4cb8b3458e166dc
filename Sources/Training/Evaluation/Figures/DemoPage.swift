import Foundation
import Networks
import Pictures
import Scenes
import Steering
import Tensors

/// Pictures that show what a pack does, for people to look at: scenes drawn anew, every slider's strip, and what went worst.
///
/// All are drawn from noise, without guidance, on scenes that no network was trained on.
public struct DemoPage {
    private let evaluation: Evaluation
    /// A pack to compare with.
    private let before: PackNetworks?

    /// Scenes that are drawn, those of them that are shown in a row, and the strengths of a strip.
    private let drawn: Int
    private static let shown = 10
    private static let strengths = [0, 0.25, 0.5, 0.75, 1]
    /// The side of a picture on a sheet, and what WebP keeps of it.
    private static let side = 80
    private static let quality = 72

    /// - Parameters:
    ///   - before: another pack, whose pictures stand beside this one's.
    ///   - reader: the weights of the factor reader, which finds what went worst.
    ///   - drawn: how many scenes are drawn to find that.
    ///   - trainingScenes: how many scenes the features are chosen on.
    ///   - pack: the folder of the pack.
    ///   - steps: of sampling.
    ///   - report: called with what begins.
    /// - Throws: when a part of a pack is missing or broken.
    public init(
        pack: URL, before: URL?, reader: URL, drawn: Int = 64, trainingScenes: Int = 4096, steps: Int = 20,
        report: (String) -> Void = { _ in }
    ) throws {
        self.drawn = drawn
        evaluation = try Evaluation(
            pack: pack, reader: reader, settings: .init(scenes: max(drawn, 64), trainingScenes: trainingScenes, steps: steps),
            report: report)
        self.before = try before.map { try PackNetworks(contentsOf: $0) }
    }

    /// Draws every sheet and writes it into a folder, which is made when it is not there.
    /// - Parameters:
    ///   - stop: ends the work between two sheets when it is set.
    ///   - report: called with what begins.
    ///   - folder: where the sheets go.
    /// - Throws: `CancellationError` when `stop` was set.
    public func write(to folder: URL, stop: StopSignal = StopSignal(), report: (String) -> Void = { _ in }) throws {
        try makeFolder(folder)
        func write(_ name: String, _ sheet: () throws -> ContactSheet) throws {
            if stop.isSet { throw CancellationError() }
            report(name)
            try sheet().picture().write(to: folder.appendingPathComponent(name + ".webp"), quality: Self.quality)
        }
        try Tensor.withoutGradients {
            let places = Array(0..<drawn)
            report("scenes")
            let pictures = try pictures(of: evaluation.pack, places)
            let earlier = try before.map { try self.pictures(of: $0, places) }
            try write("drawn") { try sheet("Drawn from noise", Array(places.prefix(Self.shown)), pictures, earlier, captions: []) }
            try write("worst") { try worst(pictures, earlier) }
            let moves = try SteeringMoves(evaluation.pack.sparseAutoencoder, evaluation.training, evaluation.trainingEmbeddings)
            for factor in Factor.allCases { try write("sliders-\(factor.rawValue)") { try sliders(factor, moves) } }
        }
    }

    /// The originals above what is drawn from their embeddings.
    private func sheet(
        _ title: String, _ places: [Int], _ pictures: Tensor, _ earlier: Tensor?, captions: [String]
    ) throws -> ContactSheet {
        let indices = try Tensor(places.map(Int64.init), shape: [places.count], device: .ambient)
        var rows = [("scene", try evaluation.heldOut.pictures(indices))]
        if let earlier { rows.append(("before", try earlier.selecting(indices))) }
        rows.append((earlier == nil ? "drawn" : "now", try pictures.selecting(indices)))
        return ContactSheet(title: title, columns: captions, rows: rows.map(\.0), pictures: try rows.map { try Self.pictures($0.1) })
    }

    /// The scenes in whose pictures the factor reader finds the true values least probable, and which factors it misreads.
    private func worst(_ pictures: Tensor, _ earlier: Tensor?) throws -> ContactSheet {
        let readings = try pictures.chunks(of: Evaluation.batch).flatMap { try evaluation.factorReader.readings(of: $0) }
        let scenes = evaluation.heldOut.scenes
        func doubt(_ place: Int) -> Double {
            Factor.allCases.reduce(0) { $0 - readings[place].logOdds(of: scenes[place][$1], $1) }
        }
        let places = Array(readings.indices.sorted { doubt($0) > doubt($1) }.prefix(Self.shown))
        let captions = places.map { place in
            Factor.allCases.filter { readings[place][$0] != scenes[place][$0] }.map(\.rawValue).joined(separator: " ")
        }
        return try sheet("The worst of \(drawn), and what is misread", places, pictures, earlier, captions: captions)
    }

    /// A strip for each value of a factor, from the picture of a scene without it to its feature's usual value.
    private func sliders(_ factor: Factor, _ moves: SteeringMoves) throws -> ContactSheet {
        let targets = moves.choice.choices.filter { $0.factor == factor }
        let rows = try targets.map { target in
            let place = evaluation.heldOut.scenes.firstIndex { $0[factor] != target.value } ?? 0
            let own = try evaluation.embeddings.narrowed(0, from: place, length: 1)
            let change = try moves.change(own, [evaluation.heldOut.scenes[place]], to: target, .feature)
            let moved = try Self.strengths.map { try own + change * $0 }
            let noise = try evaluation.noise(for: Self.strengths.map { _ in place })
            return try Self.pictures(drawn(by: evaluation.pack, Tensor.concatenated(moved, dimension: 0), noise))
        }
        return ContactSheet(
            title: factor.rawValue, columns: Self.strengths.map { $0 == 1 ? "usual" : "\(Int($0 * 100)) %" },
            rows: targets.map { factor.phrase($0.value) }, pictures: rows)
    }

    /// What a pack draws from the embeddings of held-out scenes: `[count, 3, side, side]` in −1…1.
    private func pictures(of pack: PackNetworks, _ places: [Int]) throws -> Tensor {
        let parts = try stride(from: 0, to: places.count, by: Evaluation.batch).map { start in
            let part = Array(places[start..<min(start + Evaluation.batch, places.count)])
            let indices = try Tensor(part.map(Int64.init), shape: [part.count], device: .ambient)
            return try drawn(by: pack, evaluation.embeddings.selecting(indices), evaluation.noise(for: part))
        }
        return try Tensor.concatenated(parts, dimension: 0)
    }

    private func drawn(by pack: PackNetworks, _ embeddings: Tensor, _ noise: Tensor) throws -> Tensor {
        try pack.pictures(of: embeddings, from: noise, steps: evaluation.settings.steps, guidance: 1)
    }

    /// Small pictures of `[count, 3, side, side]` in −1…1.
    private static func pictures(_ tensor: Tensor) throws -> [Picture] {
        let (count, height, width) = (tensor.size(0), tensor.size(2), tensor.size(3))
        let bytes = try ((tensor + 1) * 127.5).clamped(0, 255).rounded().to(.uint8).permuted([0, 2, 3, 1]).contiguous().bytes()
        return try (0..<count).map { place in
            let size = height * width * 3
            return try Picture(width: width, height: height, pixels: Array(bytes[place * size..<(place + 1) * size]))
                .resized(width: side, height: side)
        }
    }
}

extension Tensor {
    /// The tensor in parts of at most `size` along its first dimension.
    fileprivate func chunks(of size: Int) throws -> [Tensor] {
        try stride(from: 0, to: self.size(0), by: size).map { try narrowed(0, from: $0, length: min(size, self.size(0) - $0)) }
    }
}
