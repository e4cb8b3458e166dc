import Pictures
import Terminal

/// Turns the pictures of a frame into what the terminal draws, and keeps the last ones, so that only what changes is encoded.
@MainActor final class PictureDrawer {
    /// Drawing options: when they change, every picture is encoded again.
    struct DrawingOptions: Equatable {
        var graphics: GraphicsProtocol
        var capabilities: Capabilities
    }

    private struct Drawing {
        var picture: PlacedPicture
        var image: PlacedImage
    }

    private let encoder = ImageEncoder()
    private var options: DrawingOptions?
    /// The last drawing at each place of the frame's list.
    private var drawings: [Int: Drawing] = [:]
    private var nextIdentity = 0

    /// Sets the drawing options.
    func use(_ options: DrawingOptions) {
        if options != self.options { drawings = [:] }
        self.options = options
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
    /// - Parameter partSize: how many bytes the terminal may be sent at once.
    /// - Throws: `TerminalError` when a picture cannot be encoded.
    func images(of pictures: [PlacedPicture], partSize: Int) throws -> [PlacedImage] {
        for (place, picture) in pictures.enumerated() where drawings[place]?.picture != picture {
            nextIdentity += 1
            guard let image = try image(of: picture, partSize: partSize) else { continue }
            drawings[place] = Drawing(picture: picture, image: image)
        }
        return latest(for: pictures)
    }

    private func image(of placed: PlacedPicture, partSize: Int) throws -> PlacedImage? {
        guard let options else { return nil }
        let picture = placed.picture
        let image = try RasterImage(width: picture.width, height: picture.height, pixels: picture.pixels)
        let request = ImageEncoder.Request(
            rectangle: placed.rectangle, graphics: options.graphics, isDraft: placed.isDraft, partSize: partSize, identity: nextIdentity)
        return try encoder.encode(image, request, for: options.capabilities)
    }
}
