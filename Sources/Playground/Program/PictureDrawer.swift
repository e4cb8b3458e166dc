import Pictures
import Terminal

/// Turns the pictures of a frame into what the terminal draws, and keeps the last ones, so that only what changes is encoded.
@MainActor final class PictureDrawer {
    /// How pictures are drawn: when this changes, every one is made anew.
    struct Manner: Equatable {
        var graphics: GraphicsProtocol
        var capabilities: Capabilities
    }

    private struct Drawing {
        var picture: PlacedPicture
        var image: PlacedImage
    }

    private let encoder = SixelEncoder()
    private var manner: Manner?
    /// The last drawing at each place of the frame's list.
    private var drawings: [Int: Drawing] = [:]
    private var nextIdentity = 0

    /// Takes up a manner of drawing.
    func use(_ manner: Manner) {
        if manner != self.manner { drawings = [:] }
        self.manner = manner
    }

    /// Whether all the pictures can be shown without encoding any.
    func isReady(for pictures: [PlacedPicture]) -> Bool {
        pictures.enumerated().allSatisfy { drawings[$0.offset]?.picture == $0.element }
    }

    /// What is there already: at each place the picture itself, or the one that was there last.
    func latest(for pictures: [PlacedPicture]) -> [PlacedImage] {
        pictures.enumerated().compactMap { place, picture in
            drawings[place].flatMap { $0.picture.rectangle == picture.rectangle ? $0.image : nil }
        }
    }

    /// The images of the pictures, encoded where they are new.
    /// - Throws: `TerminalError` when a picture cannot be encoded.
    func images(of pictures: [PlacedPicture]) throws -> [PlacedImage] {
        for (place, picture) in pictures.enumerated() where drawings[place]?.picture != picture {
            nextIdentity += 1
            let image = PlacedImage(picture.rectangle, bytes: try bytes(of: picture), identity: nextIdentity)
            drawings[place] = Drawing(picture: picture, image: image)
        }
        return latest(for: pictures)
    }

    private func bytes(of placed: PlacedPicture) throws -> [UInt8] {
        guard let manner else { return [] }
        let picture = placed.picture
        let image = try RasterImage(width: picture.width, height: picture.height, pixels: picture.pixels)
        switch manner.graphics {
        case .sixel: return try sixel(image, placed, manner.capabilities)
        case .blocks: return blocks(depth: manner.capabilities.pictureColors, manner).encode(image, in: placed.rectangle)
        case .ascii: return blocks(depth: .monochrome, manner).encode(image, in: placed.rectangle)
        }
    }

    private func sixel(_ image: RasterImage, _ placed: PlacedPicture, _ capabilities: Capabilities) throws -> [UInt8] {
        let fitted = image.fitted(into: capabilities.sixelSize(of: placed.rectangle))
        // Each run of drafts has colours of its own.
        if !placed.isDraft { encoder.forgetPalette() }
        return try encoder.encode(fitted, quality: placed.isDraft ? .dragging : .atRest)
    }

    private func blocks(depth: ColorDepth, _ manner: Manner) -> BlockEncoder {
        BlockEncoder(depth: depth, isUnicode: manner.capabilities.isUnicode)
    }
}
