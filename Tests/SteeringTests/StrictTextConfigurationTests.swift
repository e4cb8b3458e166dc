import Foundation
import Networks
import TestSupport
import Testing

/// Each test takes a configuration as diffusers or transformers wrote it and changes one option.
@Suite("Configurations of the part for texts are read strictly")
struct StrictTextConfigurationTests {
    enum File: String, Sendable, CaseIterable {
        case textTower = "prior/text_encoder/config.json"
        case prior = "prior/prior/config.json"
        case schedule = "prior/scheduler/scheduler_config.json"

        func read(_ url: URL) throws {
            switch self {
            case .textTower: _ = try TextTowerConfiguration(contentsOf: url)
            case .prior: _ = try PriorConfiguration(contentsOf: url)
            case .schedule: _ = try PriorSchedule(contentsOf: url)
            }
        }
    }

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func read(_ file: File, _ option: String, _ value: String) throws {
        let original = try Data(contentsOf: TextReference.folder.appendingPathComponent(file.rawValue))
        try file.read(folder.file("config.json", replacing(option, by: value, in: original).utf8))
    }

    @Test("What the reference libraries wrote is read", arguments: File.allCases) func accepted(file: File) throws {
        try file.read(TextReference.folder.appendingPathComponent(file.rawValue))
    }

    @Test(
        "An option that would change the network, or of the wrong kind or size, is named",
        arguments: [
            (.textTower, "model_type", "\"clip_vision_model\""), (.textTower, "hidden_act", "\"relu\""), (.textTower, "vocab_size", "null"),
            (.textTower, "hidden_size", "0"), (.textTower, "hidden_size", "25"), (.textTower, "num_hidden_layers", "1.5"),
            (.textTower, "eos_token_id", "-1"), (.textTower, "layer_norm_eps", "true"), (.textTower, "new_option", "1"),
            (.prior, "_class_name", "\"UNet2DModel\""), (.prior, "added_emb_type", "\"none\""), (.prior, "additional_embeddings", "3"),
            (.prior, "encoder_hid_proj_type", "\"none\""), (.prior, "norm_in_type", "\"layer\""), (.prior, "time_embed_dim", "8"),
            (.prior, "clip_embed_dim", "8"), (.prior, "embedding_dim", "\"24\""), (.prior, "attention_head_dim", "1e300"),
            (.prior, "new_option", "1"), (.schedule, "_class_name", "\"DDIMScheduler\""), (.schedule, "beta_schedule", "\"linear\""),
            (.schedule, "variance_type", "\"learned_range\""), (.schedule, "prediction_type", "\"v_prediction\""),
            (.schedule, "num_train_timesteps", "1"), (.schedule, "clip_sample_range", "\"1\""), (.schedule, "clip_sample", "1"),
            (.schedule, "new_option", "1"),
        ] as [(File, String, String)])
    func refused(file: File, option: String, value: String) async throws {
        let message = try await refusal { try read(file, option, value) }
        #expect(message.hasPrefix(folder.url.appendingPathComponent("config.json").path) && message.contains("\"\(option)\""), "\(message)")
    }

    @Test("Notes, and options that are null, are passed over", arguments: File.allCases) func notes(file: File) throws {
        try read(file, "_note", "[1, 2]")
        try read(file, "new_option", "null")
    }
}
