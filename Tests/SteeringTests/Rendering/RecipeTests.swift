import Foundation
import Testing

@testable import Steering

@Suite("Recipes")
struct RecipeTests {
    private func recipe(_ sampling: Sampling = Sampling(steps: 30, guidance: 2.5, start: .noise(seed: .max))) -> Recipe {
        var stack = EditStack()
        stack.append(feature: 777, value: 12.4)
        stack.append(.add, feature: 3, value: -0.1, strength: 0.5, isOn: false)
        return Recipe(
            pack: Recipe.PackReference(name: "demo", fingerprint: "ab12"),
            picture: Recipe.PictureReference(path: "naïve \"name\".png", content: Data("abc".utf8)), sampling: sampling, stack: stack)
    }

    @Test("A recipe comes back from its JSON as it was, to the bit") func roundTrip() throws {
        for sampling in [Sampling(), Sampling(inversion: .plain), Sampling(steps: 30, guidance: 2.5, start: .noise(seed: .max))] {
            let recipe = recipe(sampling)
            let read = try Recipe(data: recipe.data(), name: "r.json")
            #expect(read == recipe && read.sampling == sampling)
            #expect(read.stack.edits == recipe.stack.edits)
        }
    }

    @Test("A recipe from before there was a choice of inversion opens, with the exact one") func olderRecipe() throws {
        let text = try replacing("inversion", by: "null", in: recipe(Sampling()).data())
        #expect(try Recipe(data: Data(text.utf8), name: "r.json").sampling == Sampling())
    }

    @Test("A recipe of a text comes back from its JSON with the text, and begins with noise") func prompt() throws {
        var stack = EditStack()
        stack.append(feature: 3, value: 0.25)
        let prompt = Prompt("naïve \"foxes\"", negative: "grass", seed: 7, steps: 12, guidance: 3.5)
        let sampling = Sampling(steps: 9, guidance: 2, start: .noise(seed: .max))
        let recipe = Recipe(
            pack: Recipe.PackReference(name: "demo", fingerprint: "ab12"), prompt: prompt, sampling: sampling, stack: stack)
        let read = try Recipe(data: recipe.data(), name: "r.json")
        #expect(read == recipe && read.prompt == prompt && read.stack.edits == stack.edits)
        #expect(read.sampling == sampling)
        #expect(read.pictureFile(beside: URL(fileURLWithPath: "/r.json")) == nil)
    }

    @Test(
        "A recipe begins with a picture or with a text and noise, and its text's numbers are in range",
        arguments: [
            ("prompt", "null"), ("prompt", "\"a fox\""), ("start", "\"inversion\""), ("picture", #"{"path": "a.png", "sha256": ""}"#),
            ("prompt", #"{"text": "a", "seed": 1, "steps": 0, "guidance": 4}"#), ("prompt", #"{"seed": 1, "steps": 9, "guidance": 4}"#),
            ("prompt", #"{"text": "a", "seed": -1, "steps": 9, "guidance": 4}"#),
        ])
    func badPrompt(name: String, value: String) async throws {
        let recipe = Recipe(
            pack: Recipe.PackReference(name: "demo", fingerprint: "ab12"),
            prompt: Prompt("a fox"), sampling: Sampling(start: .noise(seed: 0)), stack: EditStack())
        let text = try replacing(name, by: value, in: recipe.data())
        _ = try await refusal { try Recipe(data: Data(text.utf8), name: "r.json") }
    }

    @Test("A picture is known by the SHA-256 of its file") func digest() {
        // The example of FIPS 180-2.
        #expect(recipe().picture?.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test(
        "What is not a recipe is refused in one sentence that names the file",
        arguments: [
            "", "[]", "null", "{", "{}", "\u{0}", #"{"format": 1}"#, String(repeating: "[", count: 10_000),
            #"{"format": "1", "edits": {}}"#,
        ])
    func notARecipe(text: String) async throws {
        #expect(try await refusal { try Recipe(data: Data(text.utf8), name: "r.json") }.hasPrefix("r.json: this is not a recipe:"))
    }

    @Test(
        "A recipe with one wrong member is refused",
        arguments: [
            ("format", "2"), ("format", "0"), ("steps", "0"), ("steps", "1001"), ("steps", "1.5"), ("steps", "1e40"), ("guidance", "1e999"),
            ("guidance", "-0.5"), ("guidance", "20.5"),
            ("guidance", "\"high\""), ("inversion", "\"approximate\""), ("seed", "-1"), ("seed", "1e30"), ("start", "\"latents\""),
            ("pack", "\"demo\""), ("picture", "null"),
            ("edits", "{}"), ("edits", #"[{"kind": "set"}]"#), ("edits", #"[{"kind":"mix","target":1,"value":1,"strength":1,"on":true}]"#),
            ("edits", #"[{"kind":"set","target":-1,"value":1,"strength":1,"on":true}]"#),
            ("edits", #"[{"kind":"set","target":1,"value":1e300,"strength":1,"on":true}]"#),
            ("edits", #"[{"kind":"set","target":1,"value":2e6,"strength":1,"on":true}]"#),
            ("edits", #"[{"kind":"set","target":1,"value":1,"strength":2.5,"on":true}]"#),
            ("edits", #"[{"kind":"set","target":1,"value":1,"strength":-1,"on":true}]"#),
            ("edits", #"[{"kind":"set","target":1,"value":1,"strength":1,"on":"yes"}]"#),
            ("groups", #"[{"name":"sky","strength":3,"on":true}]"#),
        ])
    func wrongMember(name: String, value: String) async throws {
        let text = try replacing(name, by: value, in: recipe().data())
        _ = try await refusal { try Recipe(data: Data(text.utf8), name: "r.json") }
    }
}

/// JSON text of an object whose member `name` has the text `value` in place of its own.
func replacing(_ name: String, by value: String, in json: Data) throws -> String {
    var object = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
    let mark = UUID().uuidString
    object[name] = mark
    let text = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    return text.replacingOccurrences(of: "\"\(mark)\"", with: value)
}
