import Foundation
import Networks
import TestSupport
import Testing

@Suite("Configuration files")
struct ConfigurationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func configuration(_ json: String) throws -> ConfigurationFile {
        try ConfigurationFile(contentsOf: folder.file("config.json", json.utf8))
    }

    @Test("Each type is read") func types() throws {
        var options = try configuration(#"{"i": 3, "n": 1e-5, "b": true, "t": "ü", "is": [1, 2], "ns": [0.5, 1], "ts": ["a"]}"#)
        #expect(try options.integer("i") == 3)
        #expect(try options.number("n") == 1e-5)
        #expect(try options.boolean("b"))
        #expect(try options.text("t") == "ü")
        #expect(try options.integers("is") == [1, 2])
        #expect(try options.numbers("ns", count: 2) == [0.5, 1])
        #expect(try options.texts("ts") == ["a"])
        try options.finish()
    }

    @Test("What is absent or null takes its default", arguments: ["{}", #"{"i": null, "n": null, "b": null, "t": null}"#])
    func defaults(json: String) throws {
        var options = try configuration(json)
        #expect(try options.integer("i", default: 7) == 7)
        #expect(try options.number("n", default: 0.5) == 0.5)
        #expect(try options.boolean("b", default: true))
        #expect(try options.text("t", default: "x") == "x")
    }

    @Test("Booleans are no numbers, and numbers no booleans") func booleans() throws {
        var options = try configuration(#"{"b": true, "i": 1}"#)
        #expect(throws: NetworkError.invalidOption(file: options.file, option: "b", found: "true", expected: "a number")) {
            try options.number("b")
        }
        #expect(throws: NetworkError.invalidOption(file: options.file, option: "i", found: "1", expected: "true or false")) {
            try options.boolean("i")
        }
    }

    @Test("A required option may be absent or have a supported value, and no other") func required() throws {
        var options = try configuration(#"{"act_fn": "silu", "norm": "group", "heads": 8}"#)
        try options.require("absent", .text("x"))
        try options.require("act_fn", .text("silu"), .text("swish"))
        let file = options.file
        #expect(throws: NetworkError.unsupportedOption(file: file, option: "norm", found: "\"group\"", supported: "\"spatial\" or 3")) {
            try options.require("norm", .text("spatial"), .integer(3))
        }
        #expect(throws: NetworkError.unsupportedOption(file: file, option: "heads", found: "8", supported: "absent")) {
            try options.require("heads")
        }
    }

    @Test("Options that nobody asked for are named, in order") func leftOver() throws {
        var options = try configuration(#"{"b": 1, "a": 1, "_note": 1, "taken": 1, "dropout": 0}"#)
        _ = try options.integer("taken")
        options.disregard("dropout")
        #expect(throws: NetworkError.unknownOptions(file: options.file, options: ["a", "b"])) { try options.finish() }
    }

    @Test("A list of many unknown options is cut short") func manyUnknown() {
        let error = NetworkError.unknownOptions(file: "config.json", options: ["a", "b", "c", "d", "e"])
        #expect(error.description == #"config.json: Fader does not know the options "a", "b", "c" and 2 more."#)
    }

    @Test("A file that is not there is an error with its path") func missingFile() {
        let error = NetworkError.unreadableConfiguration(file: "/nowhere/config.json", reason: "the file cannot be read.")
        #expect(throws: error) { try ConfigurationFile(contentsOf: URL(fileURLWithPath: "/nowhere/config.json")) }
    }

    @Test("The published sizes of Kandinsky 2.2's U-Net are read") func published() throws {
        let url = try folder.file(
            "unet.json",
            #"""
            {"_class_name": "UNet2DConditionModel", "act_fn": "silu", "addition_embed_type": "image", "attention_head_dim": 64,
             "block_out_channels": [384, 768, 1152, 1536], "cross_attention_dim": 768,
             "down_block_types": ["ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D", "SimpleCrossAttnDownBlock2D",
                                  "SimpleCrossAttnDownBlock2D"],
             "encoder_hid_dim": 1280, "encoder_hid_dim_type": "image_proj", "in_channels": 4, "layers_per_block": 3,
             "mid_block_type": "UNetMidBlock2DSimpleCrossAttn", "norm_num_groups": 32, "out_channels": 8,
             "resnet_time_scale_shift": "scale_shift", "sample_size": 64,
             "up_block_types": ["SimpleCrossAttnUpBlock2D", "SimpleCrossAttnUpBlock2D", "SimpleCrossAttnUpBlock2D",
                                "ResnetUpsampleBlock2D"]}
            """#.utf8)
        let expected = UNetConfiguration(
            channels: [384, 768, 1152, 1536], layersPerBlock: 3, inputChannels: 4, outputChannels: 8, headWidth: 64, tokenWidth: 768,
            embeddingWidth: 1280, sampleSize: 64)
        #expect(try UNetConfiguration(contentsOf: url) == expected)
    }
}
