import Diffusion
import Foundation
import Networks

/// One of the configuration files of a pack.
enum ConfigurationFile: String, Sendable, CaseIterable {
    case unet = "decoder/unet/config.json"
    case movq = "decoder/movq/config.json"
    case scheduler = "decoder/scheduler/scheduler_config.json"
    case imageTower = "prior/image_encoder/config.json"
    case imageProcessor = "prior/image_processor/preprocessor_config.json"
    case textTower = "prior/text_encoder/config.json"
    case prior = "prior/prior/config.json"
    case priorScheduler = "prior/scheduler/scheduler_config.json"

    /// Those that every pack has.
    static let ofPictures: [ConfigurationFile] = [.unet, .movq, .scheduler, .imageTower, .imageProcessor]

    /// As diffusers or transformers wrote it.
    var original: URL {
        let folder = Self.ofPictures.contains(self) ? ReferencePack.square.pack : TextReference.folder
        return folder.appendingPathComponent(rawValue)
    }

    /// Reads the file at `url` as the one of this kind.
    func read(_ url: URL) throws {
        switch self {
        case .unet: _ = try UNetConfiguration(contentsOf: url)
        case .movq: _ = try MoVQConfiguration(contentsOf: url)
        case .scheduler: _ = try NoiseSchedule(contentsOf: url)
        case .imageTower: _ = try ImageTowerConfiguration(contentsOf: url)
        case .imageProcessor: _ = try PixelNormalisation(contentsOf: url)
        case .textTower: _ = try TextTowerConfiguration(contentsOf: url)
        case .prior: _ = try PriorConfiguration(contentsOf: url)
        case .priorScheduler: _ = try PriorSchedule(contentsOf: url)
        }
    }
}
