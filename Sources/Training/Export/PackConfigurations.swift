import Diffusion
import Files
import Networks

// The configs of a pack as the published repositories have them, with this network's sizes.

extension ImageTowerConfiguration {
    /// For transformers' `CLIPVisionModelWithProjection`, which insists on the types of its numbers: an option whose value would be
    /// a whole number but must not look like one is left at its default.
    var json: JSONValue {
        [
            "architectures": ["CLIPVisionModelWithProjection"], "hidden_act": .text(activation.rawValue), "hidden_size": .integer(width),
            "image_size": .integer(imageSize), "intermediate_size": .integer(hidden), "layer_norm_eps": .number(epsilon),
            "model_type": "clip_vision_model", "num_attention_heads": .integer(heads), "num_channels": 3,
            "num_hidden_layers": .integer(layers), "patch_size": .integer(patchSize), "projection_dim": .integer(projection),
            "torch_dtype": "float16",
        ]
    }
}

extension TextTowerConfiguration {
    /// For transformers' `CLIPTextModelWithProjection`; the number of the end token is the last of the vocabulary.
    var json: JSONValue {
        let end = JSONValue.integer(vocabulary - 1)
        return [
            "architectures": ["CLIPTextModelWithProjection"], "bos_token_id": .integer(vocabulary - 2), "eos_token_id": end,
            "hidden_act": .text(activation.rawValue), "hidden_size": .integer(width), "intermediate_size": .integer(hidden),
            "layer_norm_eps": .number(epsilon), "max_position_embeddings": .integer(length), "model_type": "clip_text_model",
            "num_attention_heads": .integer(heads), "num_hidden_layers": .integer(layers), "pad_token_id": end,
            "projection_dim": .integer(projection), "torch_dtype": "float16", "vocab_size": .integer(vocabulary),
        ]
    }
}

extension PixelNormalisation {
    /// For transformers' `CLIPImageProcessor`.
    var json: JSONValue {
        [
            "crop_size": .integer(cropSide), "do_center_crop": true, "do_normalize": true, "do_resize": true,
            "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": .list(mean.map(JSONValue.number)),
            "image_std": .list(deviation.map(JSONValue.number)), "resample": 3, "size": .integer(shorterSide ?? cropSide),
        ]
    }
}

extension UNetConfiguration {
    /// For diffusers' `UNet2DConditionModel`.
    var json: JSONValue {
        let levels = channels.count - 1
        let down: [JSONValue] = ["ResnetDownsampleBlock2D"] + Array(repeating: "SimpleCrossAttnDownBlock2D", count: levels)
        let up: [JSONValue] = Array(repeating: "SimpleCrossAttnUpBlock2D", count: levels) + ["ResnetUpsampleBlock2D"]
        return [
            "_class_name": "UNet2DConditionModel", "act_fn": "silu", "addition_embed_type": "image", "addition_embed_type_num_heads": 64,
            "attention_head_dim": .integer(headWidth), "block_out_channels": .list(channels.map(JSONValue.integer)),
            "center_input_sample": false, "conv_in_kernel": 3, "conv_out_kernel": 3, "cross_attention_dim": .integer(tokenWidth),
            "down_block_types": .list(down), "downsample_padding": 1, "dual_cross_attention": false,
            "encoder_hid_dim": .integer(embeddingWidth), "encoder_hid_dim_type": "image_proj", "flip_sin_to_cos": true, "freq_shift": 0,
            "in_channels": .integer(inputChannels), "layers_per_block": .integer(layersPerBlock), "mid_block_scale_factor": 1,
            "mid_block_type": "UNetMidBlock2DSimpleCrossAttn", "norm_eps": .number(epsilon), "norm_num_groups": .integer(groups),
            "only_cross_attention": false, "out_channels": .integer(outputChannels), "resnet_out_scale_factor": 1.0,
            "resnet_skip_time_act": false, "resnet_time_scale_shift": "scale_shift", "sample_size": .integer(sampleSize),
            "time_embedding_type": "positional", "up_block_types": .list(up), "upcast_attention": false, "use_linear_projection": false,
        ]
    }
}

extension MoVQConfiguration {
    /// For diffusers' `VQModel`.
    var json: JSONValue {
        let down = downAttention.map { JSONValue.text($0 ? "AttnDownEncoderBlock2D" : "DownEncoderBlock2D") }
        let up = upAttention.reversed().map { JSONValue.text($0 ? "AttnUpDecoderBlock2D" : "UpDecoderBlock2D") }
        return [
            "_class_name": "VQModel", "act_fn": "silu", "block_out_channels": .list(channels.map(JSONValue.integer)),
            "down_block_types": .list(down), "in_channels": 3, "latent_channels": .integer(latentChannels),
            "layers_per_block": .integer(layersPerBlock), "mid_block_add_attention": .boolean(hasMiddleAttention),
            "norm_num_groups": .integer(groups), "norm_type": "spatial", "num_vq_embeddings": .integer(codebookSize), "out_channels": 3,
            "sample_size": 32, "scaling_factor": 1.0, "up_block_types": .list(up), "vq_embed_dim": .integer(latentChannels),
        ]
    }
}

extension NoiseSchedule {
    /// The published schedule, for diffusers' `DDPMScheduler`; latents have unit size, so that clamping them would harm.
    static let demoJSON: JSONValue = [
        "_class_name": "DDPMScheduler", "beta_end": 0.012, "beta_schedule": "linear", "beta_start": 0.00085, "clip_sample": false,
        "num_train_timesteps": 1000, "prediction_type": "epsilon", "set_alpha_to_one": false, "steps_offset": 1, "thresholding": false,
    ]
}
