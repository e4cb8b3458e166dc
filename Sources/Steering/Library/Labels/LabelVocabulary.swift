import Foundation

/// Words and phrases that features may be named by.
public struct LabelVocabulary: Sendable, Equatable {
    public let phrases: [String]

    private static let counts = 2...20_000

    /// - Throws: `SteeringError.mismatch` unless there are at least two different phrases and not too many.
    init(_ phrases: [String], name: String) throws {
        var seen: Set<String> = []
        self.phrases = phrases.compactMap(LabelText.tidied).filter { seen.insert($0).inserted }
        guard Self.counts.contains(self.phrases.count) else {
            throw SteeringError.mismatch(
                "\(name): a vocabulary holds \(Self.counts.lowerBound) to \(Self.counts.upperBound) different words or phrases, one to a line; "
                    + "this one has \(self.phrases.count).")
        }
    }

    /// One word or phrase to a line, in UTF-8.
    /// - Throws: `SteeringError.unreadableFile`, `SteeringError.mismatch`.
    public init(contentsOf url: URL) throws {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { throw SteeringError.unreadableFile(url.path) }
        try self.init(text.split(whereSeparator: \.isNewline).map(String.init), name: url.path)
    }

    /// The pack's `vocabulary.txt`; without one, the labels of its `features.json`; without those, everyday words.
    public init(pack: Pack) throws {
        let own = pack.folder.appendingPathComponent("vocabulary.txt")
        if FileManager.default.fileExists(atPath: own.path) {
            try self.init(contentsOf: own)
            return
        }
        let published = try Set(PublishedFeatures(pack: pack).entries.compactMap(\.label)).sorted()
        try self.init(published.count >= Self.counts.lowerBound ? published : Self.everyday, name: own.path)
    }

    private static let everyday = everydayWords.split { $0 == "," || $0.isNewline }.map { $0.trimmingPrefix(while: \.isWhitespace) }
        .map(String.init)

    private static let everydayWords = """
        person, man, woman, child, baby, crowd, face, portrait, eyes, hair, beard, hands, smile, profile, body, dress, hat, glasses, uniform, suit
        dog, cat, horse, bird, fish, insect, butterfly, snake, bear, lion, elephant, monkey, cow, sheep, rabbit, dragon, dinosaur, skeleton, robot
        tree, forest, flower, rose, leaf, grass, garden, fruit, vegetable, mushroom, mountain, hill, valley, desert, beach, sea, ocean, wave, river
        lake, waterfall, island, rock, cave, sky, cloud, sun, moon, star, galaxy, planet, rain, snow, ice, fog, storm, lightning, rainbow, sunset
        sunrise, night, day, winter, summer, autumn, spring, fire, smoke, explosion, water, reflection, shadow, light, darkness, silhouette
        house, building, skyscraper, city, street, road, bridge, castle, church, temple, tower, ruin, room, kitchen, bedroom, window, door, stairs
        wall, roof, fence, sign, car, truck, bus, train, bicycle, motorcycle, boat, ship, airplane, rocket, spaceship, wheel, machine, engine
        food, bread, cake, pizza, meat, soup, coffee, tea, wine, bottle, glass, cup, plate, bowl, knife, table, chair, sofa, bed, lamp, book
        newspaper, letter, text, numbers, logo, map, chart, diagram, screen, phone, computer, keyboard, camera, clock, watch, guitar, piano, drum
        ball, toy, doll, balloon, gift, jewellery, ring, crown, mask, sword, gun, shield, flag, coin, money, tool, box, bag, basket, rope, chain
        painting, oil painting, watercolour, drawing, pencil sketch, ink drawing, cartoon, comic, anime, illustration, engraving, woodcut, mosaic
        sculpture, statue, pottery, embroidery, graffiti, poster, stamp, collage, photograph, black and white photograph, old photograph, film still
        close-up, wide view, view from above, view from below, blurred background, low contrast, high contrast, bright colours, pastel colours
        red, orange, yellow, green, blue, purple, pink, brown, black, white, grey, gold, silver, turquoise, beige, colourful, monochrome
        stripes, dots, squares, circles, triangles, spirals, grid, checkered pattern, floral pattern, symmetry, texture, fractal, abstract shapes
        wood, metal, stone, glass surface, paper, fabric, leather, fur, feathers, sand, mud, plastic, marble, brick, concrete, rust
        one object, two objects, three objects, many objects, a pair, a row, a pile, large, small, tall, thin, fat, round, square, sharp, soft, broken
        old, young, happy, sad, angry, sleeping, running, jumping, dancing, sitting, standing, flying, swimming, eating, drinking, reading, writing
        fighting, kissing, playing music, sport, football, basketball, skiing, wedding, party, concert, market, war, religion, science, fashion
        advertisement, album cover, book cover, video game, movie, medieval, ancient, futuristic, vintage, modern, minimalist, baroque, gothic, surreal
        border, frame, empty background, centred subject, on the left, on the right
        """
}
