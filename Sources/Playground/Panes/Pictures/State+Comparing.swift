import Pictures
import Terminal

/// Comparing, zooming and panning.
extension State {
    private static let peekSeconds = 0.7

    /// The picture that the steered one is compared with.
    var pictureBefore: Picture? { comparison.marked ?? analysis?.picture }

    /// Shows the picture before for as long as the key repeats: terminals do not report its release.
    mutating func peek() -> [Effect] {
        comparison.isPeeking = true
        return [.startTimer(.peek, seconds: Self.peekSeconds)]
    }

    mutating func compare(by mode: Comparison.Mode) -> [Effect] {
        comparison.mode = mode
        return []
    }

    mutating func showNextComparison() -> [Effect] {
        comparison.showNextMode()
        return []
    }

    /// Moves the wipe's divider, and switches to the wipe if another comparison is shown.
    mutating func moveDivider(by share: Double) -> [Effect] {
        if comparison.mode == .wipe { comparison.divider += share }
        comparison.mode = .wipe
        return []
    }

    mutating func markBefore() -> [Effect] {
        guard let shown = renders.shown else { return inform("There is no picture to compare with yet.") }
        comparison.marked = shown.picture
        return inform("This picture is now the reference; \(bindings.key(of: CompareAction.unmarkBefore) ?? ":") clears it.")
    }

    mutating func unmarkBefore() -> [Effect] {
        comparison.marked = nil
        return []
    }

    mutating func zoom(in isCloser: Bool) -> [Effect] {
        comparison.viewport.zoom(in: isCloser)
        return []
    }

    /// Moves by shares of what is visible.
    mutating func pan(x: Double = 0, y: Double = 0) -> [Effect] {
        comparison.viewport.pan(x: x, y: y)
        return []
    }

    mutating func showNextGraphics() -> [Effect] {
        let place = display.graphics.firstIndex(of: graphics) ?? 0
        graphics = display.graphics[(place + 1) % display.graphics.count]
        return inform("Drawing pictures as \(graphics.name).")
    }
}

extension GraphicsProtocol {
    /// Its name in the status line.
    var name: String {
        switch self {
        case .kitty: "kitty graphics"
        case .sixel: "sixel graphics"
        case .blocks: "half blocks"
        case .ascii: "characters"
        }
    }
}
