import Foundation
import Pictures
import Steering

extension Render {
    /// Writes a picture of a text, of the pack's size.
    func draw(_ text: String, _ bar: ProgressBar, _ log: Log) async throws {
        let recipe = try recipe.map(Self.recipe)
        let (engine, pack) = try await options.engine(bar, log)
        let sampling = sampling(recipe, pack)
        let seed = seed ?? recipe?.seed ?? 0
        let request = PromptRequest(
            Prompt(text, negative: negativePrompt, seed: seed), stack: try stack(recipe, count: pack.featureCount), width: pack.width,
            height: pack.height, seed: seed, steps: sampling.steps, guidance: sampling.guidance)
        try await engine.render(request) { bar.show($0) }.write(toPNG: URL(fileURLWithPath: output))
    }
}
