import Terminal

/// What lies over the panes and hears keys before they do: a list, a text field or a text.
///
/// An overlay is a value with its state, its keys and its looks, in a folder of its own; `State.show` opens it. The requirements that have a default
/// are for those that need them.
protocol Overlay: Sendable, Equatable {
    /// What a key does in it.
    mutating func press(_ press: KeyPress, _ state: inout State) -> Response
    mutating func paste(_ text: String, _ state: inout State) -> Response
    mutating func point(_ event: MouseEvent, _ state: inout State) -> Response
    /// Follows what a message changed: scrolls, and asks for what is to be seen.
    mutating func settle(_ state: inout State) -> [Effect]
    /// The cells that it covers. What of a picture lies there leaves the screen, since it would lie over it.
    func area(in layout: Layout) -> Rectangle?
    func draw(with painter: inout Painter, _ state: State, _ layout: Layout)
    /// The keys that are of use in it.
    func hints(in state: State) -> [KeyHint]
}

/// What becomes of something that an overlay heard.
enum Response: Sendable, Equatable {
    /// It means nothing to the overlay.
    case passed
    case stays([Effect] = [])
    case closes([Effect] = [])
}

/// A key and what it does, for the last row of the screen.
typealias KeyHint = (key: String, meaning: String)

extension Overlay {
    mutating func paste(_ text: String, _ state: inout State) -> Response { .passed }

    mutating func point(_ event: MouseEvent, _ state: inout State) -> Response { .passed }

    mutating func settle(_ state: inout State) -> [Effect] { [] }

    func area(in layout: Layout) -> Rectangle? { nil }

    fileprivate func isEqual(to other: any Overlay) -> Bool { other as? Self == self }
}

/// The overlays that are open, the top one last.
struct OverlayStack: Sendable, Equatable {
    private(set) var all: [any Overlay] = []

    var top: (any Overlay)? { all.last }

    var isEmpty: Bool { all.isEmpty }

    /// The overlay of a kind, if one is open.
    func first<Kind: Overlay>(_ kind: Kind.Type) -> Kind? { all.lazy.compactMap { $0 as? Kind }.first }

    /// Opens an overlay on top of all others, in the place of one of its kind.
    fileprivate mutating func open<Kind: Overlay>(_ overlay: Kind) {
        all.removeAll { $0 is Kind }
        all.append(overlay)
    }

    /// Changes the overlay of a kind, if one is open.
    mutating func change<Kind: Overlay>(_ kind: Kind.Type, _ change: (inout Kind) -> Void) {
        for (place, overlay) in all.enumerated() {
            guard var overlay = overlay as? Kind else { continue }
            change(&overlay)
            all[place] = overlay
        }
    }

    fileprivate mutating func removeTop() -> (any Overlay)? { all.popLast() }

    /// Puts an overlay below those that have opened since there were `count`.
    fileprivate mutating func putBack(_ overlay: any Overlay, above count: Int) { all.insert(overlay, at: min(count, all.count)) }

    static func == (one: OverlayStack, other: OverlayStack) -> Bool {
        one.all.count == other.all.count && zip(one.all, other.all).allSatisfy { $0.isEqual(to: $1) }
    }
}

extension State {
    mutating func show(_ overlay: some Overlay) -> [Effect] {
        overlays.open(overlay)
        return []
    }

    /// Lets the top overlay hear something. It is off the stack meanwhile, so that what it does sees the playground without it.
    /// - Returns: nil when it means nothing to the overlay, or none is open.
    mutating func hear(_ tell: (inout any Overlay, inout State) -> Response) -> [Effect]? {
        guard var overlay = overlays.removeTop() else { return nil }
        let count = overlays.all.count
        switch tell(&overlay, &self) {
        case .closes(let effects): return effects
        case .stays(let effects):
            overlays.putBack(overlay, above: count)
            return effects
        case .passed:
            overlays.putBack(overlay, above: count)
            return nil
        }
    }

    mutating func closeTop() { _ = overlays.removeTop() }

    /// Lets every overlay follow what has changed.
    mutating func settleOverlays() -> [Effect] {
        let open = overlays.all
        overlays = OverlayStack()
        var effects: [Effect] = []
        for var overlay in open {
            effects += overlay.settle(&self)
            overlays.putBack(overlay, above: overlays.all.count)
        }
        return effects
    }
}
