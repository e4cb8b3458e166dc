import Foundation
import Tensors
import TestSupport
import Testing

@testable import Networks
@testable import Steering

extension TorchTests {
    @Suite("A picture becomes what transformers' CLIPImageProcessor makes of it")
    struct ProcessorParityTests {
        /// A configuration and the name of what was made with it, by Tests/Reference/make_processor_fixtures.py.
        struct Case: Decodable {
            let name, config: String
        }

        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
        }

        private func processor(_ config: String) throws -> PixelNormalisation {
            try PixelNormalisation(contentsOf: folder.file("preprocessor_config.json", config.utf8))
        }

        @Test("However its configuration is written") func configurations() throws {
            let fixtures = ReferencePack.fixtures.appendingPathComponent("processors")
            let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: fixtures.appendingPathComponent("cases.json")))
            #expect(cases.count == 11)
            let expected = try SafetensorsFile(contentsOf: fixtures.appendingPathComponent("expected.safetensors"))
            for example in cases {
                let format = try processor(example.config)
                let found = try format(ReferencePack.landscape.picture.centreSquare(format).byteTensor())
                #expect(try relativeError(found, expected.tensor(example.name)) <= 1e-6, "\(example.name)")
            }
        }

        @Test(
            "A configuration that asks for something else is refused with the option",
            arguments: [
                (#""size": {"height": 16, "width": 20}, "crop_size": 16"#, "size"),
                (#""size": {"height": 16}, "crop_size": 16"#, "size.width"),
                (#""size": {"longest_edge": 16}, "crop_size": 16"#, "size.longest_edge"),
                (#""size": {"shortest_edge": 1e9}, "crop_size": 16"#, "size.shortest_edge"),
                (#""size": {"shortest_edge": "16"}, "crop_size": 16"#, "size.shortest_edge"),
                (#""size": {"shortest_edge": 16}, "crop_size": 0"#, "crop_size"),
                (#""size": {"shortest_edge": 16}"#, "crop_size"), (#""size": 16, "do_center_crop": false"#, "do_center_crop"),
                (#""size": 16, "crop_size": 16, "resample": 2"#, "resample"), (#""size": 16, "crop_size": 16, "do_pad": true"#, "do_pad"),
                (#""size": 16, "crop_size": 16, "image_std": [1, 0, 1]"#, "image_std"),
                (#""size": 16, "crop_size": 16, "sharpen": 2"#, "sharpen"),
            ]) func refused(options: String, option: String) throws
        {
            var config = #"{"image_mean": [0, 0, 0], \#(options)"#
            if !options.contains("image_std") { config += #", "image_std": [1, 1, 1]"# }
            let error = try #require(#expect(throws: NetworkError.self) { try processor(config + "}") })
            let path = folder.url.appendingPathComponent("preprocessor_config.json").path
            #expect("\(error)".hasPrefix(path) && "\(error)".contains(option), "\(error)")
        }
    }
}
