import Files

/// The tensors of a pickled state dict, and what else it says.
///
/// A checkpoint may keep its state dict at the name `state_dict` or `model_state_dict`; what stands beside that is passed over. Dictionaries
/// in a state dict are read as if their names were joined by dots.
struct StateDict {
    private(set) var tensors: [(name: String, tensor: StridedTensor)] = []
    private(set) var notes: [String: WeightNote] = [:]
    private let pickle: PickleMachine

    private static let levels = ["state_dict", "model_state_dict"]
    private static let deepest = 4

    /// - Throws: `Defect` when the pickle holds anything else than a dictionary of tensors, of plain values and of such dictionaries.
    init(_ pickle: PickleMachine) throws {
        self.pickle = pickle
        guard case .dictionary(var number) = pickle.value else {
            throw Defect("it holds \(pickle.value.kind) where a dictionary of tensors should be")
        }
        for _ in 0..<Self.deepest {
            guard let inner = Self.inner(pickle.dictionaries[number]) else { break }
            number = inner
        }
        try read(number, prefix: "", depth: 1)
        if tensors.isEmpty, let first = pickle.dictionaries[number].first, case .text(let name) = first.key {
            throw Defect("\(name.quoted) is \(first.value.kind), not a tensor")
        }
    }

    /// The dictionary that is the state dict proper.
    private static func inner(_ items: [(key: PickleValue, value: PickleValue)]) -> Int? {
        for (key, value) in items {
            if case .text(let name) = key, levels.contains(name), case .dictionary(let number) = value { return number }
        }
        return nil
    }

    private mutating func read(_ number: Int, prefix: String, depth: Int) throws {
        for (key, value) in pickle.dictionaries[number] {
            guard case .text(let text) = key else { throw Defect("a tensor is named by \(key.kind), not by a string") }
            let name = prefix + text
            switch value {
            case .tensor(let tensor): tensors.append((name, tensor))
            case .none: break
            case .boolean(let value): notes[name] = .boolean(value)
            case .integer(let value): notes[name] = .integer(value)
            case .number(let value): notes[name] = .number(value)
            case .text(let value): notes[name] = .text(value)
            case .dictionary(let inner):
                guard depth < Self.deepest else { throw Defect("\(text.quoted) is a dictionary, too deep in others") }
                try read(inner, prefix: name + ".", depth: depth + 1)
            case .bytes, .tuple, .list, .global, .storage: throw Defect("\(name.quoted) is \(value.kind), not a tensor")
            }
            // Dictionaries that hold each other several times would multiply.
            guard tensors.count + notes.count <= TensorEntry.highestCount else { throw Defect("it holds too many tensors") }
        }
    }
}
