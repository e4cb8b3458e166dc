import Tensors
import Testing

@testable import Steering

extension TorchTests {
    @Suite("Groups of features")
    struct GroupTests {
        @Test("Vectors are divided by their directions, whatever their lengths, and the same on every run") func clusters() throws {
            let random = try Generator(seed: 5)
            let centres = try random.normal([3, 16])
            let owners = (0..<30).map { $0 % 3 }
            let rows = try owners.map { owner in
                let scale = try random.uniform([1]).item() * 9 + 1
                return try (centres.narrowed(0, from: owner, length: 1) + random.normal([1, 16]) * 0.1) * scale
            }
            let vectors = try Tensor.concatenated(rows, dimension: 0)
            let weights = [Float](repeating: 1, count: 30)
            let found = try SphericalClusters(vectors, weights: weights, count: 3).assignment
            #expect(found == owners)
            #expect(try SphericalClusters(vectors, weights: weights, count: 3).assignment == found)
        }

        @Test("There are no more clusters than different vectors, and none of nothing") func fewer() throws {
            let same = try Tensor.ones([4, 3])
            #expect(try SphericalClusters(same, weights: [1, 2, 3, 4], count: 3).assignment == [0, 0, 0, 0])
            #expect(try SphericalClusters(same, weights: [0, 0, 0, 0], count: 2).assignment == [0, 0, 0, 0])
        }

        @Test("A picture's groups share out its strongest features, each once, the strongest first") func picture() async throws {
            let engine = try await ReferencePack.square.engine()
            let analysis = try await engine.analyse(ReferencePack.square.picture)
            let groups = try await engine.groups(of: analysis.id, count: 4)
            let features = groups.flatMap { $0.members.map(\.feature) }
            #expect(groups.count == 4 && Set(features).count == features.count)
            let effects = Dictionary(uniqueKeysWithValues: analysis.features.map { ($0.index, $0.effect) })
            let totals = groups.map { $0.members.reduce(0) { $0 + (effects[$1.feature] ?? 0) } }
            #expect(totals == totals.sorted(by: >))
            #expect(totals.reduce(0, +) >= 0.95 * effects.values.reduce(0, +) * 0.999)
            #expect(try await engine.groups(of: analysis.id).count == FeatureGrouping.count(for: features.count))
        }

        @Test("A group falls into parts that have its features; one of equals stays whole") func splitting() async throws {
            let engine = try await ReferencePack.square.engine()
            let group = FeatureGroup(name: "all", members: (0..<6).map { FeatureGroup.Member(feature: $0, weight: 2) })
            let parts = try await engine.parts(of: group)
            #expect(parts.count == 2 && parts.flatMap(\.members).map(\.feature).sorted() == Array(0..<6))
            let single = FeatureGroup(name: "one", members: [FeatureGroup.Member(feature: 3, weight: 1)])
            #expect(try await engine.parts(of: single).count == 1)
            #expect(try await engine.parts(of: FeatureGroup(name: "none", members: [])).isEmpty)
            let foreign = FeatureGroup(name: "foreign", members: [FeatureGroup.Member(feature: 64, weight: 1)])
            #expect(try await refusal { try await engine.parts(of: foreign) }.contains("no feature 64"))
        }

        @Test("The features most like some others are not among them, closest first") func likeness() async throws {
            let engine = try await ReferencePack.square.engine()
            let found = try await engine.features(like: [3, 9], count: 6)
            #expect(found.count == 6 && !found.contains { [3, 9].contains($0.feature) })
            #expect(found.map(\.score) == found.map(\.score).sorted(by: >))
            #expect(try await engine.features(like: [3], count: 1000).count == 63)
            #expect(try await engine.features(like: [], count: 6).isEmpty)
            #expect(try await refusal { try await engine.features(like: [64], count: 6) }.contains("no feature 64"))
        }

        @Test("A group goes onto the stack as one part with one strength, and takes away what it adds") func onTheStack() throws {
            let group = FeatureGroup(name: "sky", members: [.init(feature: 1, weight: 2), .init(feature: 5, weight: 0.5)])
            var stack = EditStack()
            stack.append(group)
            #expect(stack.groups.map(\.name) == ["sky"])
            #expect(stack.changes { _ in 9 } == [Change(feature: 1, amount: 2), Change(feature: 5, amount: 0.5)])
            stack.append(group, times: -1)
            #expect(stack.changes { _ in 9 }.isEmpty)
        }
    }
}
