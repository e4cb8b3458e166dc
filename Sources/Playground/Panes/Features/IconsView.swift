import Pictures
import Terminal

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
