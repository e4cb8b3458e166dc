import Foundation

/// What is saved, beside the picture or where the user says.
extension State {
    /// Saves the steered picture, once it is finished.
    mutating func export(_ kind: ExportKind) -> [Effect] {
        guard let shown = renders.shown else { return inform("There is no picture to save yet.") }
        waitingExport = kind
        return shown.isFinished ? exportIfWaiting() : inform("The picture will be saved when it is finished.")
    }

    mutating func exportRecipe() -> [Effect] {
        guard let recipe, let source else { return inform("There is no recipe to save yet.") }
        return [.export(.recipe(recipe), to: .beside(source.url))]
    }

    /// Saves the picture if that was asked for while it was not finished.
    mutating func exportIfWaiting() -> [Effect] {
        guard let kind = waitingExport, let shown = renders.shown, shown.isFinished, let recipe, let source, let before = pictureBefore
        else {
            return []
        }
        waitingExport = nil
        switch kind {
        case .picture: return [.export(.picture(shown.picture, recipe), to: .beside(source.url))]
        case .pair: return [.export(.pair(before: before, after: shown.picture, recipe), to: .beside(source.url))]
        }
    }

    /// Asks where the steered picture is to be saved.
    mutating func exportAs() -> [Effect] {
        guard let shown = renders.shown, shown.isFinished, let recipe, let source else { return inform("The picture is not finished yet.") }
        return askForPlace(of: .picture(shown.picture, recipe), in: source.url.deletingLastPathComponent())
    }

    /// Says why something cannot be saved beside the picture, and asks for another place, unless the user is doing something else.
    mutating func askForPlace(of export: Export, since reason: String) -> [Effect] {
        let effects = complain(reason)
        return overlays.isEmpty ? effects + askForPlace(of: export, in: URL(fileURLWithPath: options.home)) : effects
    }

    private mutating func askForPlace(of export: Export, in folder: URL) -> [Effect] {
        guard let source else { return [] }
        return ask(.place(export), shortened(folder.appendingPathComponent(export.name(for: source.url)).path))
    }

    /// A file by its name and its folder, for a sentence.
    func place(of url: URL) -> String { "\(url.lastPathComponent) in \(shortened(url.deletingLastPathComponent().path))" }

    /// A path with `~` for the home folder.
    private func shortened(_ path: String) -> String {
        path == options.home ? "~" : path.hasPrefix(options.home + "/") ? "~" + path.dropFirst(options.home.count) : path
    }
}
