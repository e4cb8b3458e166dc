import Foundation
import Networks
import TestSupport
import Testing

/// Each test takes a configuration as diffusers or transformers wrote it and changes one option.
@Suite("Configurations are read strictly")
struct StrictConfigurationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Reads `file` with its member `option` replaced.
    private func read(_ file: ConfigurationFile, _ option: String, _ value: String) throws {
        try file.read(folder.file("config.json", replacing(option, by: value, in: Data(contentsOf: file.original)).utf8))
    }

    /// The error of reading `file` with its member `option` replaced, which must name the file and the option.
    private func complaint(_ file: ConfigurationFile, _ option: String, _ value: String) async throws -> NetworkError {
        let message = try await refusal { try read(file, option, value) }
        #expect(message.hasPrefix(folder.url.appendingPathComponent("config.json").path) && message.contains("\"\(option)\""), "\(message)")
        return try #require(#expect(throws: NetworkError.self) { try read(file, option, value) })
    }

    @Test("What the reference libraries wrote is read", arguments: ReferencePack.all, ConfigurationFile.ofPictures)
    func accepted(pack: ReferencePack, file: ConfigurationFile) throws {
        try file.read(pack.pack.appendingPathComponent(file.rawValue))
    }

    @Test("What they wrote of the part for texts is read", arguments: [ConfigurationFile.textTower, .prior, .priorScheduler])
    func acceptedTexts(file: ConfigurationFile) throws {
        try file.read(file.original)
    }

    @Test(
        "An option that would change the network is refused",
        arguments: [
            (.unet, "_class_name", "\"UNet2DModel\""), (.unet, "act_fn", "\"gelu\""), (.unet, "addition_embed_type", "\"text\""),
            (.unet, "addition_time_embed_dim", "256"), (.unet, "attention_type", "\"gated\""), (.unet, "center_input_sample", "true"),
            (.unet, "class_embed_type", "\"timestep\""), (.unet, "class_embeddings_concat", "true"), (.unet, "conv_in_kernel", "1"),
            (.unet, "conv_out_kernel", "1"), (.unet, "cross_attention_norm", "\"layer_norm\""),
            (.unet, "down_block_types", #"["DownBlock2D", "SimpleCrossAttnDownBlock2D"]"#),
            (.unet, "down_block_types", #"["ResnetDownsampleBlock2D"]"#), (.unet, "dual_cross_attention", "true"),
            (.unet, "encoder_hid_dim_type", "\"text_proj\""), (.unet, "flip_sin_to_cos", "false"), (.unet, "freq_shift", "1"),
            (.unet, "in_channels", "9"), (.unet, "mid_block_only_cross_attention", "true"), (.unet, "mid_block_scale_factor", "2"),
            (.unet, "mid_block_type", "\"UNetMidBlock2D\""), (.unet, "num_attention_heads", "8"), (.unet, "num_class_embeds", "10"),
            (.unet, "only_cross_attention", "true"), (.unet, "out_channels", "4"), (.unet, "projection_class_embeddings_input_dim", "8"),
            (.unet, "resnet_out_scale_factor", "2"), (.unet, "resnet_skip_time_act", "true"),
            (.unet, "resnet_time_scale_shift", "\"default\""), (.unet, "reverse_transformer_layers_per_block", "[1]"),
            (.unet, "time_cond_proj_dim", "8"), (.unet, "time_embedding_act_fn", "\"silu\""), (.unet, "time_embedding_dim", "64"),
            (.unet, "time_embedding_type", "\"fourier\""), (.unet, "timestep_post_act", "\"silu\""),
            (.unet, "up_block_types", #"["ResnetUpsampleBlock2D", "SimpleCrossAttnUpBlock2D"]"#),
            (.unet, "use_linear_projection", "true"), (.movq, "_class_name", "\"AutoencoderKL\""), (.movq, "act_fn", "\"mish\""),
            (.movq, "down_block_types", #"["DownBlock2D", "DownEncoderBlock2D"]"#), (.movq, "in_channels", "1"),
            (.movq, "lookup_from_codebook", "true"), (.movq, "norm_type", "\"group\""), (.movq, "out_channels", "1"),
            (.movq, "up_block_types", #"["UpDecoderBlock2D", "UpBlock2D"]"#), (.movq, "vq_embed_dim", "8"),
            (.scheduler, "beta_schedule", "\"scaled_linear\""), (.scheduler, "prediction_type", "\"v_prediction\""),
            (.scheduler, "rescale_betas_zero_snr", "true"), (.scheduler, "thresholding", "true"),
            (.scheduler, "timestep_spacing", "\"trailing\""), (.scheduler, "trained_betas", "[0.1]"),
            (.scheduler, "variance_type", "\"fixed\""), (.imageTower, "hidden_act", "\"relu\""),
            (.imageTower, "model_type", "\"clip_text_model\""), (.imageTower, "num_channels", "1"),
            (.imageProcessor, "do_center_crop", "false"), (.imageProcessor, "resample", "2"),
            (.textTower, "model_type", "\"clip_vision_model\""), (.textTower, "hidden_act", "\"relu\""),
            (.prior, "_class_name", "\"UNet2DModel\""), (.prior, "added_emb_type", "\"none\""), (.prior, "additional_embeddings", "3"),
            (.prior, "encoder_hid_proj_type", "\"none\""), (.prior, "norm_in_type", "\"layer\""), (.prior, "time_embed_dim", "8"),
            (.prior, "clip_embed_dim", "8"), (.priorScheduler, "_class_name", "\"DDIMScheduler\""),
            (.priorScheduler, "beta_schedule", "\"linear\""), (.priorScheduler, "variance_type", "\"learned_range\""),
            (.priorScheduler, "prediction_type", "\"v_prediction\""),
        ] as [(ConfigurationFile, String, String)])
    func unsupported(file: ConfigurationFile, option: String, value: String) async throws {
        // Changing the channels in makes the channels out the wrong ones.
        let named = option == "in_channels" && file == .unet ? "out_channels" : option
        let message = try await refusal { try read(file, option, value) }
        #expect(message.hasPrefix(folder.url.appendingPathComponent("config.json").path) && message.contains("\"\(named)\""), "\(message)")
        #expect(message.contains("Fader runs only networks where it is"))
    }

    @Test("An option that Fader does not know is refused", arguments: ConfigurationFile.allCases)
    func unknown(file: ConfigurationFile) async throws {
        let error = try await complaint(file, "new_option", "true")
        #expect(error == .unknownOptions(file: folder.url.appendingPathComponent("config.json").path, options: ["new_option"]))
    }

    @Test("Notes, and options that are null, are passed over", arguments: ConfigurationFile.allCases)
    func notes(file: ConfigurationFile) throws {
        try read(file, "_note", "[1, 2]")
        try read(file, "new_option", "null")
    }

    static let needed: [(ConfigurationFile, String)] = [
        (.unet, "block_out_channels"), (.unet, "layers_per_block"), (.unet, "in_channels"), (.unet, "out_channels"),
        (.unet, "attention_head_dim"), (.unet, "cross_attention_dim"), (.unet, "encoder_hid_dim"), (.unet, "norm_num_groups"),
        (.movq, "block_out_channels"), (.movq, "latent_channels"), (.movq, "down_block_types"), (.movq, "up_block_types"),
        (.scheduler, "beta_start"), (.scheduler, "beta_end"), (.imageTower, "image_size"), (.imageTower, "patch_size"),
        (.imageTower, "hidden_size"), (.imageTower, "intermediate_size"), (.imageTower, "num_hidden_layers"),
        (.imageTower, "num_attention_heads"), (.imageTower, "projection_dim"), (.imageProcessor, "size"), (.imageProcessor, "crop_size"),
        (.imageProcessor, "image_mean"), (.imageProcessor, "image_std"), (.textTower, "vocab_size"), (.textTower, "hidden_size"),
    ]

    @Test("An option that is missing is named", arguments: needed) func missing(file: ConfigurationFile, option: String) async throws {
        #expect(
            try await complaint(file, option, "null")
                == .missingOption(file: folder.url.appendingPathComponent("config.json").path, option: option))
    }

    @Test("An option of the wrong type is named", arguments: needed) func wrongType(file: ConfigurationFile, option: String) async throws {
        guard case .invalidOption(_, option, _, _) = try await complaint(file, option, "true") else {
            Issue.record("not an invalid option")
            return
        }
    }

    @Test(
        "A number out of range is named",
        arguments: [
            (.unet, "layers_per_block", "0"), (.unet, "layers_per_block", "1e9"), (.unet, "block_out_channels", "[]"),
            (.unet, "block_out_channels", "[8, -16]"), (.unet, "block_out_channels", "[8, 12]"), (.unet, "sample_size", "1.5"),
            (.movq, "latent_channels", "0"), (.movq, "norm_num_groups", "1e300"), (.movq, "block_out_channels", "[32, \"32\"]"),
            (.movq, "down_block_types", #"["DownEncoderBlock2D"]"#), (.movq, "up_block_types", "[]"), (.movq, "up_block_types", "[1, 2]"),
            (.scheduler, "beta_end", "0.0001"), (.scheduler, "beta_end", "1"), (.scheduler, "num_train_timesteps", "0"),
            (.scheduler, "num_train_timesteps", "1e18"), (.scheduler, "steps_offset", "-1"), (.imageTower, "num_attention_heads", "0"),
            (.imageTower, "layer_norm_eps", "\"small\""), (.imageProcessor, "image_mean", "[0.5, 0.5]"),
            (.imageProcessor, "image_std", "[1, 1, \"1\"]"), (.imageProcessor, "size", "0"), (.imageProcessor, "crop_size", "-3"),
            (.imageTower, "patch_size", "1000"), (.textTower, "hidden_size", "0"), (.textTower, "hidden_size", "25"),
            (.textTower, "num_hidden_layers", "1.5"), (.textTower, "eos_token_id", "-1"), (.textTower, "layer_norm_eps", "true"),
            (.prior, "embedding_dim", "\"24\""), (.prior, "attention_head_dim", "1e300"), (.priorScheduler, "num_train_timesteps", "1"),
            (.priorScheduler, "clip_sample_range", "\"1\""), (.priorScheduler, "clip_sample", "1"),
        ] as [(ConfigurationFile, String, String)])
    func outOfRange(file: ConfigurationFile, option: String, value: String) async throws {
        guard case .invalidOption(_, option, _, _) = try await complaint(file, option, value) else {
            Issue.record("not an invalid option")
            return
        }
    }

    @Test("Heads that do not divide the width are refused") func heads() async throws {
        let message = try await refusal { try read(.imageTower, "num_attention_heads", "3") }
        #expect(message.contains("\"hidden_size\"") && message.contains("3 heads"))
    }

    @Test(
        "What is no JSON object is refused with the file",
        arguments: ["", "[]", "7", "{", "{\"a\": }", "\u{0}", String(repeating: "{\"a\":", count: 10_000)])
    func unreadable(text: String) async throws {
        for file in ConfigurationFile.allCases {
            let url = try folder.file("config.json", text.utf8)
            #expect(try await refusal { try file.read(url) }.hasPrefix("\(url.path): this is not a readable configuration"))
        }
    }
}
