/// Keeps track of the pictures on a screen: those shown, those to remove, and the parts still to send.
struct ImageLedger {
    private struct Entry {
        var image: PlacedImage
        /// How many parts have been sent.
        var sent: Int
        var isComplete: Bool { sent == image.parts.count }
    }

    /// What is on the screen or being sent to it, in the order in which it came.
    private var entries: [Entry] = []
    /// Cells that may show pictures of which nothing else is known any more.
    private var leftovers: [Rectangle] = []
    /// Pictures that the terminal keeps by number and that are to be removed.
    private var removals: [UInt8] = []

    /// Whether all of some pictures is on the screen.
    func isComplete(_ images: [PlacedImage]) -> Bool {
        images.allSatisfy { image in entries.contains { $0.image.isShown(as: image) && $0.isComplete } }
    }

    /// Has all pictures in the cells sent again; those that the terminal keeps by number it does not lose.
    mutating func resend() {
        for index in entries.indices where !entries[index].image.kind.isKept { entries[index].sent = 0 }
    }

    /// Forgets what is on the screen, which is going to be cleared.
    mutating func forget() {
        for entry in entries { discard(entry) }
        leftovers += entries.map(\.image.rectangle)
        entries = []
    }

    /// Drops pictures that are not wanted any more, unless a wanted one is going to cover them.
    /// - Returns: the cells to be printed over, and the commands that remove the rest.
    mutating func drop(allBut wanted: [PlacedImage]) -> (cells: [Rectangle], commands: [UInt8]) {
        var cells = leftovers
        leftovers = []
        for entry in entries where !wanted.contains(where: entry.image.isShown) {
            switch entry.image.kind {
            case .painted where wanted.contains { $0.covers(entry.image) }: continue
            case .placeholders where entry.isComplete && wanted.contains { $0.covers(entry.image) }: continue
            case .placeholders:
                cells.append(entry.image.rectangle)
                discard(entry)
            case .painted: cells.append(entry.image.rectangle)
            case .kept where entry.isComplete && wanted.contains { $0.overlaps(entry.image.rectangle) && !isComplete([$0]) }: continue
            case .kept: discard(entry)
            }
            entries.removeAll { $0.image.isShown(as: entry.image) }
        }
        // What printing spoils has to be drawn again.
        for index in entries.indices where entries[index].image.kind.isInCells && cells.contains(where: entries[index].image.overlaps) {
            entries[index].sent = 0
        }
        defer { removals = [] }
        return (cells, removals)
    }

    /// The next part to send of some pictures, together with what has to go when it has come; nil when all are on the screen.
    mutating func nextPart(of wanted: [PlacedImage]) -> (part: PlacedImage.Part, image: PlacedImage, after: [UInt8])? {
        // Whatever has been begun goes first, since parts of two pictures must not mix.
        let begun = wanted.first { image in entries.contains { $0.image.isShown(as: image) && !$0.isComplete && $0.sent > 0 } }
        guard let image = begun ?? wanted.first(where: { !isComplete([$0]) }) else { return nil }
        if !entries.contains(where: { $0.image.isShown(as: image) }) { entries.append(Entry(image: image, sent: 0)) }
        guard let index = entries.firstIndex(where: { $0.image.isShown(as: image) }) else { return nil }
        let part = image.parts[entries[index].sent]
        entries[index].sent += 1
        let isVisible = entries[index].isComplete || !image.kind.isKept
        return (part, image, isVisible ? replace(under: image, wanted) : [])
    }

    /// Returns and forgets the pictures that others have replaced.
    /// - Returns: the commands that remove those that the terminal keeps.
    private mutating func replace(under image: PlacedImage, _ wanted: [PlacedImage]) -> [UInt8] {
        for entry in entries where entry.image.overlaps(image.rectangle) && !wanted.contains(where: entry.image.isShown) {
            guard entry.image.rectangle == image.rectangle || !entry.image.kind.isInCells else { continue }
            discard(entry)
            entries.removeAll { $0.image.isShown(as: entry.image) }
        }
        defer { removals = [] }
        return removals
    }

    private mutating func discard(_ entry: Entry) {
        guard entry.sent > 0 else { return }
        switch entry.image.kind {
        case .painted: break
        case .kept(let number): removals += Self.removal(of: number, KittyEncoder(), entry)
        case .placeholders(let number): removals += Self.removal(of: number, KittyEncoder(isInTmux: true), entry)
        }
    }

    private static func removal(of number: Int, _ encoder: KittyEncoder, _ entry: Entry) -> [UInt8] {
        entry.isComplete ? encoder.removal(of: number) : encoder.abandonment(of: number)
    }
}
