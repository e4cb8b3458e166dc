import ArgumentParser
import Foundation
import Pictures
import Steering

extension Render {
    /// Writes a picture of a text, of the pack's size.
    func draw(_ prompt: Prompt, _ recipe: Recipe?, _ edits: AskedEdits, _ bar: ProgressBar, _ log: Log) async throws {
        try refuseInversion()
        let (engine, pack) = try await options.engine(bar, log)
        warn(of: recipe, pack)
        let sampling = sampling(recipe, pack)
        let stack =
            edits.areRelative
            ? try edits.stack(on: await engine.activations(of: prompt) { bar.show($0) }) : try edits.stack(count: pack.featureCount)
        let request = PromptRequest(
            prompt, stack: stack, width: pack.width, height: pack.height,
            seed: seed ?? recipe?.seed ?? 0, steps: sampling.steps, guidance: sampling.guidance)
        let made = try await engine.render(request) { bar.show($0) }
        try write(made, Recipe(pack: .init(name: pack.name, fingerprint: pack.fingerprint), request: request))
    }

    /// The text that is asked for, or else the recipe's; nil where there is none.
    func prompt(_ recipe: Recipe?) -> Prompt? {
        guard var prompt = self.prompt.map({ Prompt($0, negative: negativePrompt, seed: recipe?.seed ?? 0) }) ?? recipe?.prompt else {
            return nil
        }
        if let seed { prompt.seed = seed }
        return prompt
    }

    /// - Throws: `ValidationError` when the options ask for an inversion: a text has nothing to invert.
    func refuseInversion() throws {
        if start == .inversion { throw ValidationError("--start inversion has no meaning for a picture of a text.") }
        if inversion != nil { throw ValidationError("--inversion has no meaning for a picture of a text.") }
    }
}
