import Testing

@testable import Scenes

@Suite("Captions") struct CaptionTests {
    /// What words say, written down independently of the captioner: each word may stand only where the factor has one of the values.
    private static let meanings: [(words: String, factor: Factor, values: [String])] = [
        ("house houses cottage cottages home homes", .subject, ["house"]), ("tree trees fir firs pine pines", .subject, ["tree"]),
        ("boat boats sailboat sailboats ship ships", .subject, ["boat"]), ("star stars", .subject, ["star"]),
        ("heart hearts", .subject, ["heart"]), ("fish", .subject, ["fish"]), ("moon moons crescent crescents", .subject, ["moon"]),
        ("mushroom mushrooms toadstool toadstools", .subject, ["mushroom"]), ("flower flowers blossom blossoms", .subject, ["flower"]),
        ("cat cats kitten kittens", .subject, ["cat"]), ("car cars", .subject, ["car"]), ("balloon balloons", .subject, ["balloon"]),
        ("red", .colour, ["red"]), ("orange", .colour, ["orange"]), ("yellow", .colour, ["yellow"]), ("green", .colour, ["green"]),
        ("teal turquoise", .colour, ["teal"]), ("blue", .colour, ["blue"]), ("purple violet", .colour, ["purple"]),
        ("pink", .colour, ["pink"]), ("brown", .colour, ["brown"]),
        ("one single", .count, ["one"]), ("two pair", .count, ["two"]), ("three trio", .count, ["three"]),
        ("house cottage home tree fir pine boat sailboat ship star heart moon crescent mushroom toadstool", .count, ["one"]),
        ("flower blossom cat kitten car balloon", .count, ["one"]),
        ("houses cottages homes trees firs pines boats sailboats ships stars hearts moons crescents", .count, ["two", "three"]),
        ("mushrooms toadstools flowers blossoms cats kittens cars balloons", .count, ["two", "three"]),
        ("small little tiny", .size, ["small"]), ("medium sized", .size, ["medium"]), ("large big huge", .size, ["large"]),
        ("left", .position, ["left"]), ("middle centre", .position, ["centre"]), ("right", .position, ["right"]),
        ("morning sunrise dawn", .timeOfDay, ["morning"]), ("day noon daylight", .timeOfDay, ["day"]),
        ("dusk sunset evening", .timeOfDay, ["dusk"]), ("night", .timeOfDay, ["night"]),
        ("grass meadow", .ground, ["grass"]), ("desert sand dunes", .ground, ["sand"]), ("sea waves", .ground, ["sea"]),
        ("snowy mountains", .ground, ["snow"]), ("city town", .ground, ["city"]),
        ("clear", .weather, ["clear"]), ("clouds cloudy", .weather, ["cloudy"]), ("rain rainy rains", .weather, ["rain"]),
        ("snow snows snowflakes falling", .weather, ["snow"]),
        ("without no", .border, ["none"]), ("white", .border, ["white"]), ("black", .border, ["black"]), ("gold golden", .border, ["gold"]),
        ("plain", .style, ["plain"]), ("outlined outlines thick", .style, ["outlined"]), ("striped stripes", .style, ["striped"]),
        ("pixelated pixels pixel art", .style, ["pixelated"]), ("grey greyscale surroundings world", .style, ["greyscale"]),
    ]

    private static let samples = (0..<3_000).map { index in
        let scene = Scene(seed: 6, index: index)
        return (scene: scene, caption: scene.caption(seed: 6, index: index))
    }

    /// A caption's words, without the "big" of "big pixels", which is not the objects' size.
    private func words(_ caption: String) -> Set<Substring> {
        Set(caption.replacing(",", with: "").replacing("big pixels", with: "pixels").split(separator: " "))
    }

    @Test("A caption says nothing that is not so") func captionsAreTrue() {
        let meanings = Self.meanings.map { (words: Set($0.words.split(separator: " ")), factor: $0.factor, values: $0.values) }
        for (scene, caption) in Self.samples {
            let words = words(caption)
            for meaning in meanings where !meaning.words.isDisjoint(with: words) {
                #expect(meaning.values.contains(meaning.factor.values[scene[meaning.factor]]), "\(caption): \(meaning.factor)")
            }
        }
    }

    @Test("Every word that says something is used") func everyMeaningIsUsed() {
        let used = Self.samples.reduce(into: Set<Substring>()) { $0.formUnion(words($1.caption)) }
        let meant = Set(Self.meanings.flatMap { $0.words.split(separator: " ") })
        #expect(meant.subtracting(used).isEmpty)
    }

    @Test("Captions are made of the vocabulary, and use all of it") func captionsUseTheVocabulary() {
        let used = Self.samples.reduce(into: Set<String>()) {
            $0.formUnion($1.caption.replacing(",", with: "").split(separator: " ").map(String.init))
        }
        #expect(used == Set(Captioner.vocabulary))
        #expect(Captioner.vocabulary == Captioner.vocabulary.sorted())
        #expect(Set(Captioner.vocabulary).count == Captioner.vocabulary.count)
    }

    @Test("The subject is always named, and every other factor sometimes left out") func omissions() {
        for factor in Factor.allCases where factor != .count {
            let words = Set(Self.meanings.filter { $0.factor == factor }.flatMap { $0.words.split(separator: " ") })
            let mentioned = Self.samples.count { !words.isDisjoint(with: self.words($0.caption)) }
            #expect(factor == .subject ? mentioned == Self.samples.count : (600..<2_900).contains(mentioned), "\(factor): \(mentioned)")
        }
    }

    @Test("The article fits the word after it") func articles() {
        for (_, caption) in Self.samples {
            let words = caption.replacing(",", with: "").split(separator: " ")
            for (article, next) in zip(words, words.dropFirst()) where article == "a" || article == "an" {
                #expect((article == "an") == "aeiou".contains(next.prefix(1)), "\(caption)")
            }
        }
    }

    @Test("The same scene has many captions, each the same for its seed and index") func captionsVary() {
        let scene = Scene(seed: 1, index: 1)
        let captions = (0..<100).map { scene.caption(seed: 9, index: $0) }
        #expect(Set(captions).count > 80)
        #expect(captions[17] == scene.caption(seed: 9, index: 17))
        #expect(
            Scene(seed: 6, index: 0).caption(seed: 6, index: 0)
                == "a tiny kitten over the meadow while it rains at dawn, with a black border")
    }
}
