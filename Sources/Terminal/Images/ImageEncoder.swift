/// Encodes pictures for the terminal, by whichever protocol it has and no larger than its connection carries.
public final class ImageEncoder {
    /// How a picture is to be shown.
    public struct Request {
        /// The cells that it fills.
        public var rectangle: Rectangle
        public var graphics: GraphicsProtocol
        /// Whether a better one follows soon, so that speed matters more than quality.
        public var isDraft: Bool
        /// How many bytes may go at once, as `Screen.partSize` says.
        public var partSize: Int
        /// The picture's unique number, from 1.
        public var identity: Int

        public init(rectangle: Rectangle, graphics: GraphicsProtocol, isDraft: Bool, partSize: Int = .max, identity: Int) {
            self.rectangle = rectangle
            self.graphics = graphics
            self.isDraft = isDraft
            self.partSize = partSize
            self.identity = identity
        }
    }

    private let sixel = SixelEncoder()

    public init() {}

    /// Encodes a picture, scaled to its rectangle.
    /// - Throws: `TerminalError` when it cannot be encoded.
    public func encode(_ image: RasterImage, _ request: Request, for capabilities: Capabilities) throws -> PlacedImage {
        switch request.graphics {
        case .kitty: try kittyImage(image, request, capabilities)
        case .sixel: try sixelImage(image, request, capabilities)
        case .blocks: blockImage(image, request, BlockEncoder(depth: capabilities.pictureColors, isUnicode: capabilities.isUnicode))
        case .ascii:
            blockImage(
                image, request,
                BlockEncoder(
                    depth: .monochrome, isUnicode: capabilities.isUnicode, isOnLight: (capabilities.background?.luminance ?? 0) > 0.5))
        }
    }

    private func sixelImage(_ image: RasterImage, _ request: Request, _ capabilities: Capabilities) throws -> PlacedImage {
        let fitted = image.fitted(into: capabilities.sixelSize(of: request.rectangle))
        // Each run of drafts has colours of its own.
        if !request.isDraft { sixel.forgetPalette() }
        let quality = request.isDraft ? Self.draftQuality(of: fitted, partSize: request.partSize) : .atRest
        let cell = capabilities.cell.height
        let strings = try sixel.encode(fitted, quality: quality, cellHeight: cell, partSize: request.partSize)
        let parts = strings.map { PlacedImage.Part(row: $0.firstRow / cell, bytes: $0.bytes) }
        return PlacedImage(request.rectangle, painted: parts, identity: request.identity)
    }

    /// A draft may take two parts: more, and the next one would wait for it.
    private static func draftQuality(of image: RasterImage, partSize: Int) -> SixelEncoder.Quality {
        // With 64 colours a pixel takes about half a byte.
        image.width * image.height / 4 > partSize ? .sketch : .dragging
    }

    private func kittyImage(_ image: RasterImage, _ request: Request, _ capabilities: Capabilities) throws -> PlacedImage {
        let cell = capabilities.cell
        let room = PixelSize(width: request.rectangle.columns * cell.width, height: request.rectangle.rows * cell.height)
        let shown = Self.reduced(image, to: room, isDraft: request.isDraft, partSize: request.partSize)
        let isInTmux = capabilities.multiplexer == .tmux
        let number = isInTmux ? 1 + request.identity % TmuxPassage.mostPictures : request.identity
        let parts = try KittyEncoder(isInTmux: isInTmux).parts(
            of: shown, in: request.rectangle, cell: cell, number: number, partSize: request.partSize)
        return PlacedImage(
            request.rectangle, parts: parts, identity: request.identity,
            kind: isInTmux ? .placeholders(number: number) : .kept(number: number))
    }

    /// The terminal enlarges pictures by itself, so none is sent larger than it is, and a draft only as large as two parts hold.
    private static func reduced(_ image: RasterImage, to room: PixelSize, isDraft: Bool, partSize: Int) -> RasterImage {
        let fit = min(1, Double(room.width) / Double(image.width), Double(room.height) / Double(image.height))
        // Compressed and written as text, a pixel takes about three bytes.
        let affordable = isDraft ? (Double(partSize) * 2 / 3 / Double(image.width * image.height)).squareRoot() : 1
        let scale = min(fit, affordable)
        return image.scaled(toWidth: Int((Double(image.width) * scale).rounded()), height: Int((Double(image.height) * scale).rounded()))
    }

    private func blockImage(_ image: RasterImage, _ request: Request, _ encoder: BlockEncoder) -> PlacedImage {
        var parts: [PlacedImage.Part] = []
        for (row, bytes) in encoder.rows(of: image, in: request.rectangle).enumerated() {
            if let last = parts.indices.last, parts[last].bytes.count < request.partSize {
                parts[last].bytes += bytes
            } else {
                parts.append(PlacedImage.Part(row: row, bytes: bytes))
            }
        }
        return PlacedImage(request.rectangle, painted: parts, identity: request.identity)
    }
}
