import Diffusion
import Foundation
import Networks

/// What a pack says besides its networks.
extension Pack {
    /// The image tower's input format.
    func pixelNormalisation() throws -> PixelNormalisation {
        try PixelNormalisation(contentsOf: folder(of: .imageProcessor).appendingPathComponent("preprocessor_config.json"))
    }

    func schedule() throws -> NoiseSchedule {
        try NoiseSchedule(contentsOf: folder(of: .scheduler).appendingPathComponent("scheduler_config.json"))
    }

    func tokenizer() throws -> Tokenizer { try Tokenizer(contentsOf: folder(of: .tokenizer)) }

    func priorSchedule() throws -> PriorSchedule {
        try PriorSchedule(contentsOf: folder(of: .priorScheduler).appendingPathComponent("scheduler_config.json"))
    }
}
