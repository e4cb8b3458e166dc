import Steering

/// The requests to the engine that are not answered yet.
struct Requests: Sendable, Equatable {
    struct Pending: Sendable, Equatable {
        let request: EngineRequest
        /// What the status line says while the user waits; nil for requests that show in other ways or not at all.
        let words: String?
    }

    private(set) var pending: [Int: Pending] = [:]
    private var lastID = 0

    /// Records a request, and returns the number that its events carry.
    mutating func add(_ request: EngineRequest, saying words: String? = nil) -> Int {
        lastID += 1
        pending[lastID] = Pending(request: request, words: words)
        return lastID
    }

    /// What an event answers; nil for a late one, of a request that was answered or cancelled, which is to be ignored.
    func pending(for event: EngineEvent) -> Pending? { pending[event.id] }

    /// Removes a request that was answered or cancelled.
    /// - Returns: whether it was pending.
    @discardableResult
    mutating func remove(_ id: Int) -> Bool { pending.removeValue(forKey: id) != nil }

    /// What the user is waiting for, in words.
    var words: String? { pending.values.compactMap(\.words).min() }
}

extension State {
    /// Asks the engine.
    /// - Parameter words: what the status line says while the user waits for it.
    mutating func ask(_ request: EngineRequest, saying words: String? = nil) -> [Effect] {
        [.ask(requests.add(request, saying: words), request)]
    }

    /// Cancels requests.
    mutating func cancel(where isUnwanted: (EngineRequest) -> Bool) -> [Effect] {
        let unwanted = requests.pending.filter { isUnwanted($0.value.request) }.keys.sorted()
        for id in unwanted { requests.remove(id) }
        return unwanted.map(Effect.cancel)
    }
}
