import Networks
import Tensors

/// A pack's text tower, with phrases put into several sentences: what they have in common is the phrase.
struct TextEmbedder {
    /// A phrase takes the place of `{}`.
    static let sentences = ["{}", "a picture of {}", "a photo of {}", "a drawing of {}", "a scene with {}"]
    /// Phrases that say nothing, for what all sentences have in common.
    private static let neutral = ["something", "a thing", "an object", "anything"]
    private static let batch = 32

    private let tokenizer: Tokenizer
    private let embed: ([[Int]]) throws -> TextTower.Output
    private let each: (WorkProgress) -> Void

    /// - Parameter makesRoom: whether networks that pictures need go for the text tower where they do not all fit.
    /// - Throws: `SteeringError.packPartMissing` when the pack has no text tower, `SteeringError.mismatch` when it does not suit its tokenizer.
    init(_ pipeline: Pipeline, makesRoom: Bool = true, _ progress: @escaping (WorkProgress) -> Void) throws {
        let width: Int
        (tokenizer, width, embed) = try pipeline.textNetworks(makesRoom: makesRoom)
        each = progress
        guard width == pipeline.autoencoder.width else {
            throw SteeringError.mismatch(
                "\(pipeline.pack.folder.path): the embeddings of texts have \(width) numbers where those of pictures have "
                    + "\(pipeline.autoencoder.width).")
        }
    }

    /// The direction of each phrase away from what all of them have in common, `[phrases, width]`.
    func directions(among phrases: [String]) throws -> Tensor {
        let embeddings = try embeddings(of: phrases)
        return try embeddings - embeddings.mean([0], keep: true)
    }

    /// The direction of one phrase away from phrases that say nothing, `[1, width]`.
    func direction(of phrase: String) throws -> Tensor {
        try embeddings(of: [phrase]) - embeddings(of: Self.neutral).mean([0], keep: true)
    }

    /// The mean of each phrase's unit embeddings over the sentences, `[phrases, width]`.
    func embeddings(of phrases: [String]) throws -> Tensor {
        let texts = phrases.flatMap { phrase in Self.sentences.map { $0.replacing("{}", with: phrase) } }
        let all = try embeddings(ofTexts: texts).unit()
        return try all.reshaped([phrases.count, Self.sentences.count, all.size(1)]).mean([1])
    }

    /// `[texts, width]`, some texts at a time.
    /// - Throws: `SteeringError.unsuitablePhrase` when a text is too long.
    func embeddings(ofTexts texts: [String]) throws -> Tensor {
        let embedding = try embedding(ofTexts: texts)
        each(WorkProgress(.embedding, step: 0, count: texts.count))
        while let done = try embedding.advance() {
            each(done)
            try Task.checkCancellation()
        }
        return try embedding.result()
    }

    /// As `embeddings(ofTexts:)`, for work that is done step by step.
    func embedding(ofTexts texts: [String]) throws -> TextEmbedding {
        let tokenized = texts.map { tokenizer($0) }
        if let place = tokenized.firstIndex(where: { $0.count >= tokenizer.length }) {
            throw SteeringError.unsuitablePhrase(texts[place], reason: "it is longer than the text tower reads.")
        }
        // No token sees the padding behind it.
        let longest = tokenized.map(\.count).max() ?? 0
        return TextEmbedding(tokenized.map { Array($0.tokens.prefix(longest)) }, some: Self.batch, embed)
    }
}

/// Texts that are embedded some at a time.
final class TextEmbedding: SteppedWork {
    private let tokens: [[Int]]
    private let batch: Int
    private let embed: ([[Int]]) throws -> TextTower.Output
    private var parts: [Tensor] = []

    fileprivate init(_ tokens: [[Int]], some batch: Int, _ embed: @escaping ([[Int]]) throws -> TextTower.Output) {
        self.tokens = tokens
        self.batch = batch
        self.embed = embed
    }

    func advance() throws -> WorkProgress? {
        let start = parts.count * batch
        guard start < tokens.count else { return nil }
        let end = min(start + batch, tokens.count)
        parts.append(try embed(Array(tokens[start..<end])).embedding)
        return WorkProgress(.embedding, step: end, count: tokens.count)
    }

    /// `[texts, width]`, once every step is done.
    /// - Throws: `SteeringError.notANumber`.
    func result() throws -> Tensor {
        let all = try Tensor.concatenated(parts, dimension: 0)
        guard try all.isAllFinite() else { throw SteeringError.notANumber(stage: "The texts' embedding") }
        return all
    }
}
