import Steering

/// What the engine has been asked and has not answered yet.
struct Requests: Sendable, Equatable {
    struct Pending: Sendable, Equatable {
        let request: EngineRequest
        /// What the status line says while the user waits for it; nil where it shows in another way, or in none.
        let words: String?
    }

    private(set) var pending: [Int: Pending] = [:]
    private var lastID = 0

    /// Notes a request, and gives it the number by which its events are told from those of others.
    mutating func add(_ request: EngineRequest, saying words: String? = nil) -> Int {
        lastID += 1
        pending[lastID] = Pending(request: request, words: words)
        return lastID
    }

    /// Forgets a request, because it was answered or is given up: events of it that still come are nobody's.
    /// - Returns: whether it was pending.
    @discardableResult
    mutating func remove(_ id: Int) -> Bool { pending.removeValue(forKey: id) != nil }

    /// What the user waits for, in words.
    var words: String? { pending.values.compactMap(\.words).min() }
}

extension State {
    /// Asks the engine.
    /// - Parameter words: what the status line says while the user waits for it.
    mutating func ask(_ request: EngineRequest, saying words: String? = nil) -> [Effect] {
        [.ask(requests.add(request, saying: words), request)]
    }

    /// Gives requests up.
    mutating func cancel(where isUnwanted: (EngineRequest) -> Bool) -> [Effect] {
        let unwanted = requests.pending.filter { isUnwanted($0.value.request) }.keys.sorted()
        for id in unwanted { requests.remove(id) }
        return unwanted.map(Effect.cancel)
    }
}
