import Pictures
import Steering
import Terminal

/// Icons beside the features, where the terminal shows pixels.
extension State {
    /// The features that the list shows now.
    var visibleFeatures: [Feature] {
        Array(list.shown(with: stack).dropFirst(list.top).prefix(layout.featureCapacity))
    }

    /// Starts an icon while the engine is idle, and cancels it for any other work.
    mutating func tendIcons() -> [Effect] {
        guard isIdle else {
            guard icons.inProgress != nil else { return [] }
            icons.stop()
            return cancel { if case .makeIcon = $0 { true } else { false } }
        }
        guard icons.inProgress == nil, graphics.showsPixels, let picture = analysis?.picture,
            let feature = icons.next(among: visibleFeatures.map(\.index))
        else {
            return []
        }
        icons.begin(feature)
        return ask(.makeIcon(of: feature, fallback: picture))
    }

    private var isIdle: Bool {
        phase == .ready && overlays.isEmpty && !isHolding && requests.words == nil && renders.running == nil
            && renders.shown?.isFinished == true
    }
}

extension GraphicsProtocol {
    /// Whether a picture of a few cells shows more than colours.
    var showsPixels: Bool { self == .sixel || self == .kitty }
}

/// The icons beside the list of features, as one picture: terminals keep only so many.
func icons(of state: State, _ layout: Layout) -> [PlacedPicture] {
    let pictures = state.visibleFeatures.map { state.icons.pictures[$0.index] }
    guard let template = state.analysis?.picture, let rectangle = layout.icons(count: pictures.count) else { return [] }
    let cell = state.display.cell
    let composition = Composition.column(
        Array(pictures.prefix(rectangle.rows / Layout.iconSize.rows)), template: template, width: Layout.iconSize.columns * cell.width,
        height: Layout.iconSize.rows * cell.height, ground: (state.display.background?.luminance ?? 0) > 0.5 ? 255 : 0)
    return [PlacedPicture(composition: composition, viewport: Viewport(), rectangle: rectangle, isDraft: false)]
}
