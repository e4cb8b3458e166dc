/// What is saved beside the picture.
extension State {
    /// Saves the steered picture, once it is finished.
    mutating func export(_ kind: ExportKind) -> [Effect] {
        guard let shown = renders.shown else { return inform("There is no picture to save yet.") }
        waitingExport = kind
        return shown.isFinished ? exportIfWaiting() : inform("The picture will be saved when it is finished.")
    }

    mutating func exportRecipe() -> [Effect] {
        guard let recipe, let source else { return inform("There is no recipe to save yet.") }
        return [.export(.recipe(recipe), beside: source.url)]
    }

    /// Saves the picture if that was asked for while it was not finished.
    mutating func exportIfWaiting() -> [Effect] {
        guard let kind = waitingExport, let shown = renders.shown, shown.isFinished, let recipe, let source, let before = pictureBefore
        else {
            return []
        }
        waitingExport = nil
        switch kind {
        case .picture: return [.export(.picture(shown.picture, recipe), beside: source.url)]
        case .pair: return [.export(.pair(before: before, after: shown.picture, recipe), beside: source.url)]
        }
    }
}
