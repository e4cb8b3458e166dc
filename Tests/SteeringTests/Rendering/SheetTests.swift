import Foundation
import Pictures
import Testing

@testable import Steering

@Suite("Contact sheets")
struct SheetTests {
    private func plain(_ value: UInt8, width: Int = 40, height: Int = 20) throws -> Picture {
        try Picture(width: width, height: height, pixels: [UInt8](repeating: value, count: width * height * 3))
    }

    private var recipe: Recipe {
        var stack = EditStack()
        stack.append(feature: 3, value: 9)
        return Recipe(
            pack: .init(name: "demo", fingerprint: "ab12"), picture: .init(path: "a.png", content: Data()), sampling: Sampling(steps: 4),
            stack: stack)
    }

    @Test("A slider's values lie at equal distances from one end to the other") func values() throws {
        let slider = try SheetSlider(.feature(3), from: -1, to: 2, count: 4)
        #expect(slider.values == [-1, 0, 1, 2] && slider.captions == ["-1", "0", "1", "2"])
        #expect(try SheetSlider(.feature(3), from: 0, to: 1, count: 4).captions == ["0", "0.333", "0.667", "1"])
    }

    @Test("Every kind of slider changes the stack as it should, on top of the recipe's edits") func sliders() throws {
        let night = Direction(name: "night", vector: [1, 2])
        let group = FeatureGroup(name: "sky", members: [.init(feature: 5, weight: 2)])
        func changes(_ target: SheetSlider.Target, at value: Float) throws -> [Change] {
            try SheetSlider(target, from: 0, to: 1, count: 2).applied(value, to: recipe.stack).changes { _ in 1 }
        }
        #expect(try changes(.feature(3), at: 5) == [Change(feature: 3, amount: 4)])
        #expect(try changes(.feature(4), at: 5) == [Change(feature: 3, amount: 8), Change(feature: 4, amount: 4)])
        #expect(try changes(.group(group), at: -0.5) == [Change(feature: 3, amount: 8), Change(feature: 5, amount: -1)])
        #expect(try changes(.direction(night), at: 0.5) == [Change(feature: 3, amount: 8), Change(target: .direction(night), amount: 0.5)])
        #expect(try changes(.edit(0), at: 0.5) == [Change(feature: 3, amount: 4)])
    }

    @Test("A slider that cannot be is refused in one sentence") func refusedSliders() async throws {
        _ = try await refusal { try SheetSlider(.feature(1), from: 0, to: 1, count: 1) }
        _ = try await refusal { try SheetSlider(.feature(1), from: 0, to: 1, count: 101) }
        _ = try await refusal { try SheetSlider(.feature(1), from: .nan, to: 1, count: 2) }
        let slider = try SheetSlider(.edit(1), from: 0, to: 1, count: 2)
        #expect(try await refusal { try slider.applied(1, to: recipe.stack) } == "The recipe has no edit 2: it has 1.")
    }

    @Test("A grid has a stack for every pair of values, and its plan comes back from JSON") func plan() throws {
        let plan = SheetPlan(
            recipe: recipe, across: try SheetSlider(.feature(4), from: 0, to: 2, count: 3),
            down: try SheetSlider(.direction(Direction(name: "night", vector: [0.1, 2])), from: -1, to: 1, count: 2))
        let stacks = try plan.stacks()
        #expect(stacks.map(\.count) == [3, 3])
        #expect(stacks[1][2].changes { _ in 0 }.map(\.amount) == [9, 1, 2])
        #expect(try JSONDecoder().decode(SheetPlan.self, from: plan.data()) == plan)
        #expect(plan.sheet([], { _ in "boat" }).title == "boat across, night down")
        let strip = SheetPlan(recipe: recipe, across: try SheetSlider(.edit(0), from: 0, to: 1, count: 7))
        #expect(try strip.stacks().map(\.count) == [7] && strip.sheet([], { _ in nil }).title == "edit 1")
    }

    @Test("Pictures stand in rows and columns, whole, with ink above and beside them and white between") func layout() throws {
        let pictures = try [[plain(50), plain(100)], [plain(150), plain(200)]]
        let sheet = try ContactSheet(title: "title", columns: ["0", "1"], rows: ["-1", "10"], pictures: pictures).picture()
        func count(_ value: UInt8) -> Int { sheet.pixels.filter { $0 == value }.count }
        for value: UInt8 in [50, 100, 150, 200] { #expect(count(value) == 40 * 20 * 3) }
        #expect(count(0) > 100 && count(0) + count(255) + 4 * 40 * 20 * 3 == sheet.pixels.count)
        #expect(sheet.pixels.prefix(sheet.width * 3 * 8).allSatisfy { $0 == 255 })
    }

    @Test("Letters are themselves, and what is not ASCII a question mark") func letters() {
        func ink(_ character: Character) -> [String] {
            (0..<BitmapFont.height).map { row in
                String((0..<5).map { BitmapFont.hasInk(character, column: $0, row: row) ? "#" : "." })
            }
        }
        #expect(ink("7") == ["#####", "....#", "....#", "...#.", "..#..", ".#...", "#....", "....."])
        #expect(ink(" ").allSatisfy { $0 == "....." } && ink("é") == ink("?") && ink("\u{7F}") == ink("?"))
        #expect(Set((32...126).map { ink(Character(Unicode.Scalar($0))) }).count == 95)
    }

    @Test("A caption that is too long ends in two full stops, and nothing is written over an edge") func longCaptions() throws {
        let sheet = try ContactSheet(title: String(repeating: "W", count: 500), columns: ["123456789"], pictures: [[plain(50)]]).picture()
        #expect(sheet.width == 56)
        var page = try Page(width: 10, height: 4)
        page.write("WWWW", x: 4, y: 2, width: 100, scale: 2)
        page.draw(try plain(9), x: 8, y: 3)
        #expect(try page.picture().pixels.count == 120)
    }

    @Test("A sheet without pictures, or one that is too large, is refused") func impossible() async throws {
        _ = try await refusal { try ContactSheet(title: "", columns: [], pictures: []).picture() }
        _ = try await refusal { try Page(width: 40_000, height: 1) }
    }
}
