import Pictures
import Steering

/// Finished pictures by the request that made them; the ones not used for longest make room for new ones.
struct RenderCache: Sendable, Equatable {
    /// Bytes of pixels kept at most.
    let capacity: Int
    private var pictures: [RenderRequest: Picture] = [:]
    /// Least recently used first.
    private var order: [RenderRequest] = []
    private var size = 0

    init(capacity: Int = 256 << 20) {
        self.capacity = capacity
    }

    /// The picture of a request, which counts as used now.
    mutating func picture(for request: RenderRequest) -> Picture? {
        guard let picture = pictures[request] else { return nil }
        markUsed(request)
        return picture
    }

    func contains(_ request: RenderRequest) -> Bool { pictures[request] != nil }

    mutating func insert(_ picture: Picture, for request: RenderRequest) {
        size += picture.pixels.count - (pictures[request]?.pixels.count ?? 0)
        pictures[request] = picture
        markUsed(request)
        while size > capacity, order.count > 1 {
            size -= pictures.removeValue(forKey: order.removeFirst())?.pixels.count ?? 0
        }
    }

    private mutating func markUsed(_ request: RenderRequest) {
        order.removeAll { $0 == request }
        order.append(request)
    }
}
