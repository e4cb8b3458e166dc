import Foundation
import Networks
import Tensors

extension Pack {
    /// Older checkpoints store the positions 0, 1, … as a parameter.
    static let textPositionIndices = "text_model.embeddings.position_ids"

    /// - Throws: `SteeringError.packPartMissing` when the pack has no text part; it is optional.
    func tokenizer() throws -> Tokenizer { try Tokenizer(contentsOf: textFolder(of: .tokenizer)) }

    func priorSchedule() throws -> PriorSchedule {
        try PriorSchedule(contentsOf: textFolder(of: .priorScheduler).appendingPathComponent("scheduler_config.json"))
    }

    func textTower(as dataType: DataType, on device: Device) throws -> TextTower {
        let place = try textFolder(of: .textEncoder)
        let configuration = try TextTowerConfiguration(contentsOf: place.appendingPathComponent("config.json"))
        return try load(place, stem: "model", as: dataType, on: device) { source in
            source.ignore(Self.textPositionIndices)
            return try TextTower(configuration, Weights(source))
        }
    }

    func prior(as dataType: DataType, on device: Device) throws -> Prior {
        let place = try textFolder(of: .prior)
        let configuration = try PriorConfiguration(contentsOf: place.appendingPathComponent("config.json"))
        return try load(place, stem: "diffusion_pytorch_model", as: dataType, on: device) { try Prior(configuration, Weights($0)) }
    }

    private func textFolder(of part: Part) throws -> URL {
        do {
            return try folder(of: part)
        } catch SteeringError.packPartMissing(let pack, let name) {
            throw SteeringError.packPartMissing(pack: pack, part: "\(name), which prompts need")
        }
    }
}
