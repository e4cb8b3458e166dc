import Randomness

/// Writes captions: plain English that says true things about a scene, in varied words, and leaves some things out.
public struct Captioner: Sendable {
    /// Every word a caption can contain, in lower case, sorted. Commas are the only punctuation.
    public static let vocabulary = Set(Phrases.all.flatMap { $0.split(separator: " ").map(String.init) }).sorted()

    private let scene: Scene
    private var random: SplitMix64

    private init(_ scene: Scene, seed: UInt64, index: Int) {
        self.scene = scene
        random = SplitMix64(seed: seed, index: index, purpose: .caption)
    }

    /// One of the scene's many possible captions, such as "two small red stars over the sea at night, striped".
    ///
    /// The same scene, seed and index give the same caption on any machine.
    public static func caption(for scene: Scene, seed: UInt64, index: Int) -> String {
        var captioner = Captioner(scene, seed: seed, index: index)
        return captioner.write()
    }

    private mutating func write() -> String {
        var phrases = surroundings()
        var objects = nounPhrase()
        if random.chance(0.2) { objects = random.element(of: Phrases.openings) + " " + objects }
        let comesFirst = random.chance(0.2) ? phrases.popLast() : nil
        let sentence = ([objects] + phrases).joined(separator: " ")
        return ([comesFirst, sentence].compactMap { $0 } + manner()).joined(separator: ", ")
    }

    /// The objects with their number, size and colour: "two small red stars".
    private mutating func nounPhrase() -> String {
        var words: [String] = []
        if let size = said(Phrases.sizes(for: scene.size), chance: 0.65) { words.append(size) }
        if let colour = said(Phrases.colours(for: scene.colour), chance: 0.9) { words.append(colour) }
        let noun = random.element(of: Phrases.nouns(for: scene.subject))
        words.append(scene.count == .one ? noun.one : noun.many)
        if let count = random.element(of: Phrases.counts(for: scene.count)) {
            words.insert(count, at: 0)
        } else if scene.count == .one {
            words.insert(article(before: words[0]), at: 0)
        }
        return words.joined(separator: " ")
    }

    private func article(before word: String) -> String {
        "aeiou".contains(word.prefix(1)) ? "an" : "a"
    }

    /// Where, then when and in what weather.
    private mutating func surroundings() -> [String] {
        let places = [
            said(Phrases.positions(for: scene.position), chance: 0.6),
            said(Phrases.grounds(for: scene.ground), chance: 0.8),
        ]
        let conditions = [
            said(Phrases.times(for: scene.timeOfDay), chance: 0.8),
            said(Phrases.weathers(for: scene.weather), chance: scene.weather == .clear ? 0.3 : 0.8),
        ]
        return random.shuffled(places.compactMap { $0 }) + random.shuffled(conditions.compactMap { $0 })
    }

    /// How the picture is made and framed, in either order.
    private mutating func manner() -> [String] {
        let phrases = [
            said(Phrases.styles(for: scene.style), chance: scene.style == .plain ? 0.2 : 0.8),
            said(Phrases.borders(for: scene.border), chance: scene.border == .none ? 0.2 : 0.75),
        ]
        return random.shuffled(phrases.compactMap { $0 })
    }

    /// One of the phrases, or nothing.
    private mutating func said(_ phrases: [String], chance: Double) -> String? {
        random.chance(chance) ? random.element(of: phrases) : nil
    }
}

extension Scene {
    /// One of the scene's many possible captions; see `Captioner`.
    public func caption(seed: UInt64, index: Int) -> String {
        Captioner.caption(for: self, seed: seed, index: index)
    }
}
