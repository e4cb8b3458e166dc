import Pictures
import Steering

/// Finished pictures by what made them; the ones not used for longest make room for new ones.
struct RenderCache: Sendable, Equatable {
    private struct Entry: Sendable, Equatable {
        var picture: Picture
        /// When it was last used, counted in uses.
        var lastUse: Int
    }

    /// Bytes of pixels kept at most.
    let capacity: Int
    private var entries: [RenderRequest.Key: Entry] = [:]
    private var size = 0
    private var uses = 0

    init(capacity: Int = 256 << 20) {
        self.capacity = capacity
    }

    /// The picture of a request, which counts as used now.
    mutating func picture(for key: RenderRequest.Key) -> Picture? {
        uses += 1
        entries[key]?.lastUse = uses
        return entries[key]?.picture
    }

    /// The picture of a request, without counting as a use.
    subscript(key: RenderRequest.Key) -> Picture? { entries[key]?.picture }

    func contains(_ key: RenderRequest.Key) -> Bool { entries[key] != nil }

    mutating func insert(_ picture: Picture, for key: RenderRequest.Key) {
        uses += 1
        let replaced = entries.updateValue(Entry(picture: picture, lastUse: uses), forKey: key)
        size += picture.pixels.count - (replaced?.picture.pixels.count ?? 0)
        while size > capacity, entries.count > 1 { removeOldest() }
    }

    private mutating func removeOldest() {
        guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        entries[oldest.key] = nil
        size -= oldest.value.picture.pixels.count
    }
}
