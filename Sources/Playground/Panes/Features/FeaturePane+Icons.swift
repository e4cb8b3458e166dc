import Pictures
import Steering
import Terminal

/// Icons beside the features, where the terminal shows pixels.
extension FeaturePane {
    /// The features that the list shows now.
    private func visible(_ state: State, _ layout: Layout) -> [Feature] {
        Array(list.shown(with: state.stack).dropFirst(list.top).prefix(layout.featureCapacity))
    }

    /// Starts an icon while the engine is idle, and cancels it for any other work.
    mutating func tendIcons(_ state: State) -> [PaneAnswer] {
        guard state.isIdle else {
            guard icons.inProgress != nil else { return [] }
            icons.stop()
            return [.cancelIcon]
        }
        guard icons.inProgress == nil, state.graphics.showsPixels, let picture = state.analysis?.picture,
            let feature = icons.next(among: visible(state, state.layout).map(\.index))
        else {
            return []
        }
        icons.begin(feature)
        return [.ask(.makeIcon(of: feature, fallback: picture))]
    }

    /// The icons beside the list, as one picture: terminals keep only so many.
    func placedIcons(_ state: State, _ layout: Layout) -> [PlacedPicture] {
        let pictures = visible(state, layout).map { icons.pictures[$0.index] }
        guard let template = state.analysis?.picture, let rectangle = layout.icons(count: pictures.count) else { return [] }
        let cell = state.display.cell
        let composition = Composition.column(
            Array(pictures.prefix(rectangle.rows / Layout.iconSize.rows)), template: template, width: Layout.iconSize.columns * cell.width,
            height: Layout.iconSize.rows * cell.height, ground: (state.display.background?.luminance ?? 0) > 0.5 ? 255 : 0)
        return [PlacedPicture(composition: composition, viewport: Viewport(), rectangle: rectangle, isDraft: false)]
    }
}

extension State {
    /// Whether nothing is going on that the user waits for.
    fileprivate var isIdle: Bool {
        phase == .ready && overlays.isEmpty && !isHolding && requests.words == nil && renders.running == nil
            && renders.shown?.isFinished == true
    }
}

extension GraphicsProtocol {
    /// Whether a picture of a few cells shows more than colours.
    var showsPixels: Bool { self == .sixel || self == .kitty }
}
