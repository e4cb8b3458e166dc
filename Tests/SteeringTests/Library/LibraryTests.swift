import Foundation
import Steering
import TestSupport
import Testing

@Suite("The feature library") struct LibraryTests {
    private static let names = """
        {"version": 1, "features": [
            {"index": 3, "label": "night sky", "score": 0.9, "density": 0.5, "mean": 1.5, "maximum": 4, "norm": 1},
            {"index": 5, "label": "two objects", "density": 0.25, "maximum": 9}, {"index": 7, "label": null, "density": 0.125}]}
        """

    private func named() throws -> (LibraryPack, FeatureLibrary) {
        let pack = try LibraryPack()
        try pack.write(Self.names, to: "features.json")
        return (pack, try pack.library())
    }

    @Test("It begins with what features.json says") func beginning() throws {
        let (pack, library) = try named()
        #expect(library.url == pack.pack.folder.appendingPathComponent("features.sqlite"))
        #expect(library.featureCount == 64)
        let feature = try library.feature(3)
        #expect(feature.label == "night sky" && feature.labelSource == .pack && feature.score == 0.9)
        #expect(feature.density == 0.5 && feature.mean == 1.5 && feature.maximum == 4 && feature.typicalActivation == 4)
        #expect(try library.feature(0).label == nil)
        #expect(try library.builtFromCount() == 0)
    }

    @Test("Other names in features.json take the place of the earlier ones, and the user's labels stay") func renamed() throws {
        let (pack, library) = try named()
        try library.setLabel("mine", of: 5)
        try pack.write(Self.names.replacing("night sky", with: "dusk").replacing("two objects", with: "a pair"), to: "features.json")
        let again = try pack.library()
        #expect(try again.feature(3).label == "dusk")
        #expect(try again.feature(5).label == "mine")
        #expect(try again.feature(5).labelSource == .user)
        try again.setLabel(" \n", of: 5)
        #expect(try library.feature(5).label == "a pair")
    }

    @Test("Features are listed by index, density or largest activation, part by part") func orders() throws {
        let (_, library) = try named()
        #expect(try library.features(orderedBy: .density, count: 3).map(\.index) == [3, 5, 7])
        #expect(try library.features(orderedBy: .maximum, count: 2).map(\.index) == [5, 3])
        #expect(try library.features(orderedBy: .index, from: 10, count: 3).map(\.index) == [10, 11, 12])
        #expect(try library.features(orderedBy: .density, from: 62, count: 10).count == 2)
        #expect(try library.features([7, 3, 640]).map(\.index) == [7, 3])
    }

    @Test(
        "Labels are found by the beginnings of their words in any order, whatever signs are typed",
        arguments: [
            ("night", [3]), ("NIG", [3]), ("sky night", [3]), ("two ob", [5]), ("ob", [5]), ("ight", []), ("night two", []), ("3", [3]),
            (" 12 ", [12]), ("\"night\"", [3]), ("night*", [3]), ("\"", []), ("*", []), ("NEAR(", []), ("night AND sky", []),
            ("nïght", [3]),
            ("label:night", []), ("night) OR (two", []), ("'; DROP TABLE features; --", []), ("night\u{0}sky", [3]), ("^night", [3]),
            ("-night", [3]),
            ("999999999999999999999", []), ("🌙", []),
        ]) func search(text: String, expected: [Int]) throws
    {
        let (_, library) = try named()
        #expect(try library.features(matching: text).map(\.index) == expected)
        #expect(try library.count(matching: text) == expected.count)
    }

    @Test("Without words every feature matches") func everything() throws {
        let (_, library) = try named()
        #expect(try library.count(matching: "  ") == 64)
        #expect(try library.features(count: 1000).count == 64)
    }

    @Test(
        "Any label comes back as it was given, in one line without control characters, and is found",
        arguments: [
            "\"", "NEAR(a b)", "a*", "')--", "🌙 moon", "日本語", String(repeating: "long ", count: 30) + "end", "two\nlines", "\u{1B}[31mred",
            "a\tb",
        ]) func hostileLabels(label: String) throws
    {
        let (_, library) = try named()
        try library.setLabel(label, of: 9)
        let kept = try #require(try library.feature(9).label)
        #expect(!kept.contains { $0.isNewline } && !kept.unicodeScalars.contains { $0.value < 32 })
        let words = kept.split { !$0.isLetter && !$0.isNumber }
        if let word = words.first { #expect(try library.features(matching: String(word)).map(\.index).contains(9)) }
        if !label.contains(where: { $0.isNewline || $0 == "\u{1B}" || $0 == "\t" }) { #expect(kept == label) }
    }

    @Test("A changed label is found under its new words only") func relabelled() throws {
        let (_, library) = try named()
        try library.setLabel("dawn", of: 3)
        #expect(try library.features(matching: "night").isEmpty)
        #expect(try library.features(matching: "dawn").map(\.index) == [3])
        try library.setLabel(nil, of: 3)
        #expect(try library.features(matching: "night").map(\.index) == [3])
    }

    @Test("A feature that the pack does not have is refused, and nothing is changed", arguments: [-1, 64, Int.max])
    func stranger(index: Int) async throws {
        let (_, library) = try named()
        let message = try await refusal { try library.setLabels([(3, "changed"), (index, "x")]) }
        #expect(message == "There is no feature \(index): the pack has features 0 to 63.")
        #expect(try library.feature(3).label == "night sky")
        _ = try await refusal { try library.examples(of: index) }
        _ = try await refusal { try library.icon(of: index) }
    }

    @Test("Groups are kept, replaced, renamed and deleted") func groups() async throws {
        let (pack, library) = try named()
        let night = FeatureGroup(name: "night", members: [.init(feature: 5, weight: 0.5), .init(feature: 3)])
        try library.save(night)
        try library.save(FeatureGroup(name: "border", members: []))
        #expect(try pack.library().groups() == [FeatureGroup(name: "border", members: []), night])
        try library.save(FeatureGroup(name: "night", members: [.init(feature: 1)]))
        #expect(try library.group(named: "night").members == [.init(feature: 1)])
        let taken = try await refusal { try library.renameGroup("night", to: "border") }
        #expect(taken.contains("there is a group \"border\" already"))
        try library.renameGroup("night", to: "dusk")
        try library.deleteGroup("border")
        #expect(try library.groups().map(\.name) == ["dusk"])
        for missing in [{ try library.deleteGroup("x") }, { _ = try library.group(named: "x") }] as [() throws -> Void] {
            #expect(try await refusal(missing).contains("there is no group \"x\""))
        }
        _ = try await refusal { try library.save(FeatureGroup(name: "x", members: [.init(feature: 64)])) }
        _ = try await refusal { try library.save(FeatureGroup(name: "x", members: [.init(feature: 1, weight: .nan)])) }
    }

    @Test("Directions come back bit for bit") func directions() async throws {
        let (pack, library) = try named()
        let direction = Direction(
            name: "thin", vector: [1.5, -0, .leastNonzeroMagnitude, 3e38],
            definition: Direction.Definition(from: "fat", to: "thin", count: 200, seed: .max))
        try library.save(direction)
        #expect(try pack.library().directions() == [direction])
        #expect(try library.direction(named: "thin").definition?.seed == .max)
        try library.renameDirection("thin", to: "slim")
        #expect(try library.directions().map(\.name) == ["slim"])
        try library.deleteDirection("slim")
        #expect(try await refusal { try library.direction(named: "slim") }.contains("there is no direction \"slim\""))
        let broken = Direction(name: "x", vector: [.infinity])
        _ = try await refusal { try library.save(broken) }
    }
}
