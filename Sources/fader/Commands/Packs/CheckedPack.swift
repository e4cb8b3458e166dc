import Foundation
import Steering

/// What `fader pack check` found, as text and as JSON.
struct CheckedPack: Encodable {
    let report: PackReport
    /// Files that are not what `pack.json` says.
    let changedFiles: [PackHashes.Fault]
    /// Everything that is wrong, each in one sentence that names the file.
    let faults: [String]

    init(report: PackReport, changedFiles: [PackHashes.Fault]) {
        self.report = report
        self.changedFiles = changedFiles
        faults = report.allFaults + changedFiles.map(\.description)
    }

    /// A line for each part, and what concerns the pack as a whole.
    var text: String {
        let head = ["part", "state", "tensors", "numbers", "types", "size", "what it is"]
        let table = TextTable(head: head, isNumber: head.map { _ in false }).text(report.parts.map(cells))
        let title = report.name + (report.licence.map { ", \($0)" } ?? "") + ": \(report.path)"
        return [title, "", table, "", encoderAndDecoder].joined(separator: "\n")
    }

    private func cells(_ part: PackReport.Part) -> [String] {
        let weights = part.weights
        return [
            part.name, state(part), weights.map { String($0.tensorCount) } ?? "", weights.map { String($0.parameterCount) } ?? "",
            weights?.dataTypes.joined(separator: " ") ?? "", weights.map { size($0.bytes) } ?? "", part.summary,
        ]
    }

    private func state(_ part: PackReport.Part) -> String {
        if part.path == nil { return part.isNeeded ? "missing" : "not there" }
        return part.faults.isEmpty ? "whole" : "faulty"
    }

    private var encoderAndDecoder: String {
        switch report.encoderDecoderDifference {
        case nil: "The autoencoder's encoder and decoder cannot be compared."
        case 0: "The autoencoder's encoder is its decoder transposed."
        case let difference?:
            String(format: "The autoencoder's encoder differs from its decoder transposed by %.3g of its norm.", difference)
        }
    }

    private func size(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }
}
