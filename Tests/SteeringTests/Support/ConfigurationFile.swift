import Foundation
import Networks

/// One of the configuration files of a pack.
enum ConfigurationFile: String, Sendable, CaseIterable {
    case unet = "decoder/unet/config.json"
    case movq = "decoder/movq/config.json"
    case scheduler = "decoder/scheduler/scheduler_config.json"
    case imageTower = "prior/image_encoder/config.json"
    case imageProcessor = "prior/image_processor/preprocessor_config.json"

    /// Reads the file at `url` as the one of this kind.
    func read(_ url: URL) throws {
        switch self {
        case .unet: _ = try UNetConfiguration(contentsOf: url)
        case .movq: _ = try MoVQConfiguration(contentsOf: url)
        case .scheduler: _ = try NoiseSchedule(contentsOf: url)
        case .imageTower: _ = try ImageTowerConfiguration(contentsOf: url)
        case .imageProcessor: _ = try PixelNormalisation(contentsOf: url)
        }
    }
}
