import Foundation
import Testing

@testable import Steering

@Suite("Edits along directions")
struct DirectionEditTests {
    private let night = Direction(
        name: "day-night", vector: [0.1, -2, .leastNonzeroMagnitude],
        definition: .init(from: "day", to: "night", count: 200, seed: .max))
    private let gold = Direction(name: "gold", vector: [1, 2, 3])

    private func recipe(_ stack: EditStack) -> Recipe {
        Recipe(
            pack: .init(name: "demo", fingerprint: "ab12"), picture: .init(path: "a.png", content: Data()), sampling: Sampling(),
            stack: stack)
    }

    @Test("A direction's amounts add up from 0, weighed as all edits are, beside those of features") func amounts() throws {
        var stack = EditStack()
        stack.append(direction: night, value: 0.5)
        stack.append(.add, feature: 3, value: 2)
        let second = stack.append(direction: night, value: -1, strength: 0.25)
        #expect(stack.changes { _ in 7 } == [Change(target: .direction(night), amount: 0.25), Change(feature: 3, amount: 2)])
        stack.group(second.id, as: "evening")
        let group = try #require(stack.groups.first)
        stack.updateGroup(group.id) { $0.isOn = false }
        #expect(stack.changes { _ in 7 }.map(\.amount) == [0.5, 2])
        #expect(stack.features == [3] && stack.directions == [night])
    }

    @Test("Directions of one name with other vectors stay apart") func sameName() {
        var stack = EditStack()
        stack.append(direction: night)
        stack.append(direction: Direction(name: night.name, vector: [5, 5, 5]))
        #expect(stack.changes { _ in 0 }.count == 2)
        #expect(recipe(stack).stack.directions.map(\.vector) == [night.vector, [5, 5, 5]])
    }

    @Test("A recipe carries its directions, each once, and brings them back to the bit") func recipes() throws {
        var stack = EditStack()
        stack.append(direction: night, value: 0.5)
        stack.append(feature: 3, value: 2)
        stack.append(direction: gold, strength: 1.5)
        stack.append(direction: night, value: 0.25, isOn: false)
        let written = recipe(stack)
        #expect(written.directions == [night, gold])
        let read = try Recipe(data: written.data(), name: "r.json")
        #expect(read == written && read.stack.edits == stack.edits)
    }

    @Test(
        "A direction that is damaged, or an edit of none, is refused in one sentence",
        arguments: [
            ("vector", "\"AAAA\""), ("vector", "\"AADAfw==\""), ("vector", "\"\""), ("vector", "\"?\""), ("vector", "[1, 2]"),
            ("name", "null"), ("definition", "{}"), ("definition", #"{"to": "night", "count": 1.5, "seed": 0}"#),
        ]) func damagedDirection(member: String, value: String) async throws
    {
        let direction = try replacing(member, by: value, in: JSONEncoder().encode(night))
        let text = try replacing("directions", by: "[\(direction)]", in: recipe(EditStack()).data())
        #expect(try await refusal { try Recipe(data: Data(text.utf8), name: "r.json") }.hasPrefix("r.json: this is not a recipe:"))
    }

    @Test(
        "An edit must name one thing that the recipe has",
        arguments: [#""direction": 1"#, #""direction": -1"#, #""target": 1, "direction": 0"#, #""value": 2"#])
    func strayEdit(member: String) async throws {
        var stack = EditStack()
        stack.append(direction: gold)
        let edit = #"{"kind": "add", "value": 1, "strength": 1, "on": true, \#(member)}"#
        let text = try replacing("edits", by: "[\(edit)]", in: recipe(stack).data())
        _ = try await refusal { try Recipe(data: Data(text.utf8), name: "r.json") }
    }
}

extension TorchTests {
    @Suite("Pictures along directions")
    struct DirectionRenderTests {
        @Test("Moving along a feature's own direction is the same as raising the feature") func featureDirection() async throws {
            let pack = ReferencePack.square
            let pipeline = try Pipeline(Pack(pack.pack), device: .cpu, dataType: .float32)
            let row = try pipeline.autoencoder.directions.narrowed(0, from: 5, length: 1).floats()
            let engine = try await pack.engine()
            let analysis = try await engine.analyse(pack.picture)
            func picture(_ change: Change) async throws -> [Int] {
                let request = RenderRequest(.picture(analysis.id), stack: EditStack([change]), sampling: Sampling(steps: 3))
                return try await engine.render(request).pixels.map(Int.init)
            }
            let along = try await picture(Change(target: .direction(Direction(name: "five", vector: row)), amount: 4))
            let raised = try await picture(Change(feature: 5, amount: 4))
            let unedited = try await picture(Change(feature: 5, amount: 0))
            #expect(zip(along, raised).allSatisfy { abs($0 - $1) <= 1 })
            #expect(zip(along, unedited).contains { abs($0 - $1) > 2 })
        }

        @Test("A direction of another width is refused with both widths") func width() async throws {
            let engine = try await ReferencePack.square.engine()
            let analysis = try await engine.analyse(ReferencePack.square.picture)
            let change = Change(target: .direction(Direction(name: "foreign", vector: [1, 2, 3])), amount: 1)
            let request = RenderRequest(.picture(analysis.id), stack: EditStack([change]), sampling: Sampling(steps: 1))
            let message = try await refusal { try await engine.render(request) }
            #expect(message.contains("\"foreign\" has 3 numbers"))
        }
    }
}
