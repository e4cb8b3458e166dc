import Foundation
import Networks
import Pictures
import Steering
import Tensors
import TestSupport
import Testing

extension TorchTests {
    @Suite("Building a feature library")
    struct LibraryBuildTests {
        /// What each feature of the pack says of each embedding, as one multiplication after another.
        private func activations(_ pack: LibraryPack, _ rows: [[Float]]) throws -> [[Float]] {
            let file = try SafetensorsFile(contentsOf: pack.pack.folder.appendingPathComponent("sae/model.safetensors"))
            let (weight, bias) = (try file.tensor("encoder.weight").floats(), try file.tensor("enc_bias").floats())
            let width = try pack.width
            return bias.indices.map { feature in
                rows.map { row in
                    max(0, row.indices.reduce(bias[feature]) { $0 + row[$1] * weight[feature * width + $1] })
                }
            }
        }

        @Test("Density, mean, maximum, examples and histogram are those of all embeddings") func statistics() async throws {
            let pack = try LibraryPack()
            let (file, rows) = try pack.embeddings(300)
            let library = try pack.library()
            let summary = try await pack.build(library, .embeddings(file))
            let expected = try activations(pack, rows)
            #expect(summary.embeddings == 300 && summary.unreadable.isEmpty)
            #expect(try library.builtFromCount() == 300)
            #expect(summary.activeFeatures == expected.count { $0.contains { $0 > 0 } })
            for (index, row) in expected.enumerated() {
                let feature = try library.feature(index)
                let firing = row.enumerated().filter { $0.element > 1e-5 }
                #expect(abs(try #require(feature.density) - Float(firing.count) / 300) < 0.004)
                #expect(abs(try #require(feature.maximum) - (row.max() ?? 0)) < 1e-4)
                if !firing.isEmpty {
                    #expect(abs(try #require(feature.mean) - firing.reduce(0) { $0 + $1.element } / Float(firing.count)) < 1e-3)
                }
                let examples = try library.examples(of: index)
                let strongest = firing.sorted { $0.element > $1.element }.prefix(20)
                #expect(zip(examples, strongest).allSatisfy { abs($0.activation - $1.element) < 1e-4 } && examples.count >= strongest.count)
                #expect(examples.map(\.activation) == examples.map(\.activation).sorted(by: >))
                for example in examples {
                    #expect(abs(row[example.picture] - example.activation) < 1e-4)
                    #expect(example.path == "\(file.lastPathComponent)#\(example.picture)")
                }
                let counted = try library.histogram(of: index)?.counts.reduce(0, +) ?? 0
                #expect(abs(Int(counted) - firing.count) <= 1)
            }
        }

        @Test("Every activation lies in the range of the histogram that counts it") func ranges() {
            for range in 0..<ActivationHistogram.rangeCount - 1 {
                let (lower, upper) = (ActivationHistogram.lowerBound(of: range), ActivationHistogram.lowerBound(of: range + 1))
                #expect(lower < upper)
                #expect(range % 4 != 0 || abs(ActivationHistogram.lowerBound(of: range + 4) / lower - 2) < 1e-6)
            }
            #expect(ActivationHistogram.lowerBound(of: 32) == 1)
        }

        @Test("A build that is cut off again and again ends with what one build finds") func resuming() async throws {
            let pack = try LibraryPack()
            let (file, _) = try pack.embeddings(3000)
            let (whole, parts) = (try pack.library("whole.sqlite"), try pack.library("parts.sqlite"))
            try await pack.build(whole, .embeddings(file))
            var cuts = 0
            var isFinished = false
            while !isFinished {
                let seen = Counter()
                do {
                    try await Task {
                        _ = try await pack.build(parts, .embeddings(file)) { progress in
                            seen.increase()
                            if seen.value == 3 && progress.step < progress.count { withUnsafeCurrentTask { $0?.cancel() } }
                        }
                    }.value
                    isFinished = true
                } catch is CancellationError {
                    cuts += 1
                    try #require(cuts < 20)
                }
            }
            #expect(cuts >= 2)
            #expect(try CountedFeatures(parts) == CountedFeatures(whole))
        }

        @Test("While another build is unfinished no other is begun, and a finished one gives way") func otherBuild() async throws {
            let pack = try LibraryPack()
            let (first, _) = try pack.embeddings(600)
            let (second, _) = try pack.embeddings(100, seed: 2)
            let library = try pack.library()
            try library.setLabel("mine", of: 1)
            let cut = Task {
                try await pack.build(library, .embeddings(first)) { if $0.step > 0 { withUnsafeCurrentTask { $0?.cancel() } } }
            }
            await #expect(throws: CancellationError.self) { try await cut.value }
            #expect(try await refusal { try await pack.build(library, .embeddings(second)) }.contains("an unfinished build"))
            try await pack.build(library, .embeddings(first))
            try await pack.build(library, .embeddings(second))
            #expect(try library.builtFromCount() == 100)
            #expect(try library.feature(1).label == "mine")
            let fresh = try pack.library("fresh.sqlite")
            try await pack.build(fresh, .embeddings(second))
            #expect(try CountedFeatures(library).examples == CountedFeatures(fresh).examples)
        }

        @Test("Joined shards equal one build, in whatever order they are named", arguments: [1, 2, 3, 7]) func merging(count: Int)
            async throws
        {
            let pack = try LibraryPack()
            let (file, _) = try pack.embeddings(301)
            let whole = try pack.library("whole.sqlite")
            try await pack.build(whole, .embeddings(file))
            let shards = try await buildShards(pack, file, count)
            let joined = pack.folder.url.appendingPathComponent("joined.sqlite")
            let summary = try LibraryMerge.join(shards.reversed(), into: joined)
            #expect(summary.embeddings == 301)
            #expect(try CountedFeatures(FeatureLibrary(of: pack.pack, at: joined)) == CountedFeatures(whole))
        }

        private func buildShards(_ pack: LibraryPack, _ file: URL, _ count: Int) async throws -> [URL] {
            var urls: [URL] = []
            for number in 1...count {
                let shard = try #require(LibraryShard("\(number)/\(count)"))
                let url = LibraryLocation.file(of: shard, beside: pack.folder.url.appendingPathComponent("features.sqlite"))
                try await pack.build(FeatureLibrary(of: pack.pack, at: url), .embeddings(file), shard: shard)
                urls.append(url)
            }
            return urls
        }

        @Test("A shard that is missing, given twice, unfinished or of something else is named, and the library stays") func badShards()
            async throws
        {
            let pack = try LibraryPack()
            let (file, _) = try pack.embeddings(40)
            let shards = try await buildShards(pack, file, 4)
            let joined = pack.folder.url.appendingPathComponent("joined.sqlite")
            func join(_ urls: [URL]) async throws -> String { try await refusal { try LibraryMerge.join(urls, into: joined) } }
            #expect(try await join([shards[0], shards[2], shards[3]]) == "Of 4 shards, number 2 is missing.")
            #expect(try await join([shards[1]]) == "Of 4 shards, numbers 1, 3, 4 are missing.")
            #expect(try await join(shards + [shards[2]]).contains("Shard 3 is given twice"))
            let (other, _) = try pack.embeddings(40, seed: 5)
            let stranger = pack.folder.url.appendingPathComponent("stranger.sqlite")
            try await pack.build(
                FeatureLibrary(of: pack.pack, at: stranger), .embeddings(other), shard: try #require(LibraryShard("1/4")))
            #expect(try await join([shards[0], stranger]).contains("stranger.sqlite: this shard is of another"))
            let empty = try pack.library("empty.sqlite")
            #expect(try await join([empty.url]).contains("has not been built yet"))
            #expect(try await join([pack.folder.url.appendingPathComponent("nowhere.sqlite")]).contains("there is no feature library"))
            #expect(!FileManager.default.fileExists(atPath: joined.path))
        }

        @Test("Joining keeps what the user has made") func mergingKeeps() async throws {
            let pack = try LibraryPack()
            let (file, _) = try pack.embeddings(50)
            let library = try pack.library()
            try library.setLabel("mine", of: 2)
            try library.save(FeatureGroup(name: "some", members: [.init(feature: 2)]))
            _ = try LibraryMerge.join(try await buildShards(pack, file, 2), into: library.url)
            #expect(try library.feature(2).label == "mine")
            #expect(try library.groups().count == 1)
            #expect(try library.builtFromCount() == 50)
        }

        @Test(
            "What is no shard is refused",
            arguments: ["0/3", "4/3", "1/0", "a/b", "3", "1/2/3", "1/99999999999999999999", "", "-1/3", "1/"])
        func shardNames(text: String) {
            #expect(LibraryShard(text) == nil)
        }

        @Test("Pictures of a folder are counted with their thumbnails, and one that cannot be read is named") func pictures() async throws {
            let pack = try LibraryPack()
            let folder = pack.folder.url.appendingPathComponent("pictures")
            try FileManager.default.createDirectory(at: folder.appendingPathComponent("inner"), withIntermediateDirectories: true)
            try ReferencePack.square.picture.write(toPNG: folder.appendingPathComponent("b.png"))
            try ReferencePack.portrait.picture.write(toPNG: folder.appendingPathComponent("inner/a.PNG"))
            try ReferencePack.landscape.picture.write(toPNG: folder.appendingPathComponent(".hidden.png"))
            try Data("no picture".utf8).write(to: folder.appendingPathComponent("a.jpg"))
            let library = try pack.library()
            let summary = try await pack.build(library, .pictures(folder))
            #expect(summary.embeddings == 2)
            #expect(summary.unreadable.count == 1 && summary.unreadable[0].contains("a.jpg"))
            let engine = Engine(threads: 1)
            _ = try await engine.openOnCPU(pack.pack.folder)
            let found = try await engine.analyse(ReferencePack.square.picture).features
            let feature = try #require(found.first)
            let example = try #require(try library.examples(of: feature.index).first { $0.path == "b.png" })
            #expect(abs(example.activation - feature.activation) < 1e-4)
            #expect(example.sha256?.count == 64)
            let thumbnail = try Picture(data: try #require(example.thumbnail), name: "thumbnail")
            #expect(max(thumbnail.width, thumbnail.height) <= 96)
        }

        @Test("A folder without pictures, and embeddings that do not fit, are refused") func unsuitable() async throws {
            let pack = try LibraryPack()
            let library = try pack.library()
            let empty = pack.folder.url.appendingPathComponent("empty")
            try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
            for folder in [empty, pack.folder.url.appendingPathComponent("nowhere")] {
                #expect(try await refusal { try await pack.build(library, .pictures(folder)) }.contains("there is no PNG"))
            }
            let narrow = pack.folder.url.appendingPathComponent("narrow.safetensors")
            try SafetensorsWriter.write([(name: "embeddings", tensor: Tensor.ones([4, 3]))], to: narrow)
            #expect(try await refusal { try await pack.build(library, .embeddings(narrow)) }.contains("[4, 3]"))
            let two = pack.folder.url.appendingPathComponent("two.safetensors")
            try SafetensorsWriter.write([(name: "a", tensor: Tensor.ones([4, 3])), (name: "b", tensor: Tensor.ones([4, 3]))], to: two)
            #expect(try await refusal { try await pack.build(library, .embeddings(two)) }.contains("one matrix"))
            let broken = pack.folder.url.appendingPathComponent("broken.safetensors")
            var numbers = [Float](repeating: 0, count: 5 * (try pack.width))
            numbers[3 * (try pack.width)] = .nan
            try SafetensorsWriter.write([(name: "embeddings", tensor: Tensor(numbers, shape: [5, pack.width]))], to: broken)
            #expect(
                try await refusal { try await pack.build(library, .embeddings(broken)) }.contains("row 3 holds a number that is not finite")
            )
            #expect(try library.builtFromCount() == 0)
        }
    }
}
