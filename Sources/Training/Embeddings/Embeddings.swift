import Foundation
import Tensors

/// Embeddings to train on, `[count, width]`: in memory, or in a file of which only the rows in use are read.
public struct Embeddings {
    /// Of any floating-point type.
    private let rows: Tensor
    public var count: Int { rows.size(0) }
    public var width: Int { rows.size(1) }

    /// - Parameter rows: `[count, width]`.
    public init(_ rows: Tensor) {
        self.rows = rows
    }

    /// Maps the file's only matrix, or the one called `embeddings`, into memory, and looks through it once.
    /// - Parameters:
    ///   - url: a safetensors file.
    ///   - width: what the embeddings must have; nil takes any.
    /// - Throws: `TrainingError.unsuitableEmbeddings` when there is no such matrix, its width is another, or a number in it is not finite.
    public init(contentsOf url: URL, width: Int? = nil) throws {
        let file = try SafetensorsFile(contentsOf: url)
        let matrices = file.names.filter { file.entry($0)?.shape.count == 2 }
        func unsuitable(_ reason: String) -> TrainingError { .unsuitableEmbeddings(file: url.path, reason: reason) }
        guard let name = matrices.contains("embeddings") ? "embeddings" : matrices.first, matrices.count == 1 || name == "embeddings" else {
            throw unsuitable("it must hold one matrix [count, width], or one called \"embeddings\"; its tensors are \(file.names).")
        }
        rows = try file.tensor(name)
        guard try rows.dataType.isFloatingPoint, rows.size(0) > 0, rows.size(1) > 0 else {
            throw unsuitable("\"\(name)\" must hold at least one embedding of floating-point numbers.")
        }
        if let width, rows.size(1) != width {
            throw unsuitable("\"\(name)\" has embeddings of \(rows.size(1)) numbers where \(width) are asked for.")
        }
        if let row = try firstBrokenRow() { throw unsuitable("row \(row) of \"\(name)\" holds a number that is not finite.") }
    }

    /// Those at some places `[n]` (int64), in float32.
    public func rows(_ places: Tensor) throws -> Tensor {
        try rows.selecting(places.to(device: rows.device)).to(.float32, device: .ambient)
    }

    /// Those from one place on, in float32.
    public func rows(from start: Int, _ length: Int) throws -> Tensor {
        try rows.narrowed(0, from: start, length: length).to(.float32, device: .ambient)
    }

    /// All but the last `count`, and those.
    func divided(heldOut count: Int) throws -> (training: Embeddings, heldOut: Tensor) {
        let start = self.count - count
        return (Embeddings(try rows.narrowed(0, from: 0, length: start)), try rows(from: start, count))
    }

    /// The mean embedding `[width]`.
    public func mean() throws -> Tensor {
        var sum = try Tensor.zeros([width], type: .float64, device: .ambient)
        for (start, length) in chunks { sum = try sum + rows(from: start, length).to(.float64).sum([0]) }
        return try (sum * (1 / Double(count))).to(.float32)
    }

    private func firstBrokenRow() throws -> Int? {
        for (start, length) in chunks {
            let isFinite = try rows(from: start, length).isFinite().to(.float32).smallest([1])
            if try isFinite.smallest().item() == 0 { return try start + isFinite.floats().prefix { $0 != 0 }.count }
        }
        return nil
    }

    /// Pieces of some megabytes, in order.
    private var chunks: [(start: Int, length: Int)] {
        let length = max(4_194_304 / width, 1)
        return stride(from: 0, to: count, by: length).map { ($0, min(length, count - $0)) }
    }
}
