import Files

/// Interprets the pickle of a state dict: a stack machine that knows dictionaries, tensors and what they are made of.
///
/// Python's own machine calls any function that a file names. This one calls nothing: the few names that are allowed stand for values of
/// this program (see `PickleGlobal`), and any other ends the reading. Memory and time are proportional to the pickle's length.
struct PickleMachine {
    private var cursor: ByteCursor
    private var stack: [PickleValue] = []
    /// The heights of the stack at the marks that are open.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var tuples: [[PickleValue]] = []
    private(set) var lists: [[PickleValue]] = []
    private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    /// The storages that the pickle names, by their names.
    private(set) var storages: [String: StridedTensor.Storage] = [:]
    /// What the pickle stands for.
    private(set) var value = PickleValue.none
    /// Whether a storage may be a file of its own inside the pickle, as where tensors are pickled without `torch.save`.
    private let hasEmbeddedStorages: Bool

    /// Reads the pickle at the cursor, which is moved behind it.
    init(_ cursor: inout ByteCursor, hasEmbeddedStorages: Bool = false) throws {
        self.cursor = cursor
        self.hasEmbeddedStorages = hasEmbeddedStorages
        while try step() {}
        value = try pop()
        cursor = self.cursor
    }

    /// Carries out one instruction; false at the end.
    private mutating func step() throws -> Bool {
        let byte = try cursor.integer(UInt8.self)
        guard let opcode = PickleOpcode(rawValue: byte) else {
            throw Defect("its pickle has the instruction 0x\(String(byte, radix: 16)), which no state dict needs")
        }
        switch opcode {
        case .stop: return false
        case .proto: try checkProtocol()
        case .frame: _ = try cursor.take(8)
        case .mark: marks.append(stack.count)

        case .none: stack.append(.none)
        case .newTrue: stack.append(.boolean(true))
        case .newFalse: stack.append(.boolean(false))
        case .binInt: stack.append(.integer(Int(try cursor.integer(Int32.self))))
        case .binInt1: stack.append(.integer(Int(try cursor.integer(UInt8.self))))
        case .binInt2: stack.append(.integer(Int(try cursor.integer(UInt16.self))))
        case .long1: stack.append(.integer(try longInteger()))
        case .binFloat: try pushFloat()
        case .binUnicode: stack.append(.text(try cursor.text(try cursor.size(UInt32.self))))
        case .shortBinUnicode: stack.append(.text(try cursor.text(try cursor.size(UInt8.self))))
        case .binUnicode8: stack.append(.text(try cursor.text(try cursor.size(UInt64.self))))
        case .binBytes: try pushBytes(try cursor.size(UInt32.self))
        case .shortBinBytes: try pushBytes(try cursor.size(UInt8.self))
        case .binBytes8: try pushBytes(try cursor.size(UInt64.self))

        case .emptyTuple: pushTuple([])
        case .tuple: pushTuple(try popToMark())
        case .tuple1: pushTuple(try pop(1))
        case .tuple2: pushTuple(try pop(2))
        case .tuple3: pushTuple(try pop(3))
        case .emptyDict: pushDictionary()
        case .setItem: try setItems(try pop(2))
        case .setItems: try setItems(try popToMark())
        case .emptyList: pushList()
        case .append: try extendList(try pop(1))
        case .appends: try extendList(try popToMark())

        case .binPut: memo[Int(try cursor.integer(UInt8.self))] = try top()
        case .longBinPut: memo[try cursor.size(UInt32.self)] = try top()
        case .memoize: memo[memo.count] = try top()
        case .binGet: try recall(Int(try cursor.integer(UInt8.self)))
        case .longBinGet: try recall(try cursor.size(UInt32.self))

        case .global: stack.append(.global(try PickleGlobal(module: try cursor.line(), name: try cursor.line())))
        case .stackGlobal: try pushStackGlobal()
        case .reduce: try reduce()
        case .build: try build()
        case .binPersID: try pushStorage()
        }
        return true
    }

    // MARK: The stack

    private func top() throws -> PickleValue {
        // Python's machine has a stack per mark: nothing below the last mark can be reached.
        guard let value = stack.last, stack.count > marks.last ?? 0 else { throw Defect("its pickle uses a value that is not there") }
        return value
    }

    private mutating func pop() throws -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(_ count: Int) throws -> [PickleValue] {
        try (0..<count).map { _ in try pop() }.reversed()
    }

    private mutating func popToMark() throws -> [PickleValue] {
        guard let mark = marks.popLast() else { throw Defect("its pickle uses a mark that is not there") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private mutating func recall(_ number: Int) throws {
        guard let value = memo[number] else { throw Defect("its pickle recalls value \(number), which it did not keep") }
        stack.append(value)
    }

    // MARK: Simple values

    private mutating func checkProtocol() throws {
        let version = try cursor.integer(UInt8.self)
        guard (2...5).contains(version) else { throw Defect("its pickle has protocol \(version) where Fader reads 2 to 5") }
    }

    private mutating func longInteger() throws -> Int {
        let bytes = try cursor.take(try cursor.size(UInt8.self))
        guard bytes.count <= 8 else { throw Defect("its pickle has an integer of \(bytes.count) bytes") }
        let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
        return bytes.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
    }

    private mutating func pushFloat() throws {
        // The one number in a pickle that is big-endian.
        stack.append(.number(Double(bitPattern: try cursor.integer(UInt64.self).byteSwapped)))
    }

    private mutating func pushBytes(_ count: Int) throws {
        let start = cursor.position
        _ = try cursor.take(count)
        stack.append(.bytes(start..<start + count))
    }

    private mutating func pushStackGlobal() throws {
        let names = try pop(2)
        guard case .text(let module) = names[0], case .text(let name) = names[1] else {
            throw Defect("its pickle has a Python name that is not text")
        }
        stack.append(.global(try PickleGlobal(module: module, name: name)))
    }

    // MARK: Tuples, dictionaries and lists

    private mutating func pushTuple(_ items: [PickleValue]) {
        stack.append(.tuple(tuples.count))
        tuples.append(items)
    }

    private mutating func pushDictionary() {
        stack.append(.dictionary(dictionaries.count))
        dictionaries.append([])
    }

    private mutating func setItems(_ items: [PickleValue]) throws {
        guard case .dictionary(let number) = try top(), items.count.isMultiple(of: 2) else {
            throw Defect("its pickle fills something else than a dictionary")
        }
        for index in stride(from: 0, to: items.count, by: 2) { dictionaries[number].append((items[index], items[index + 1])) }
    }

    private mutating func pushList() {
        stack.append(.list(lists.count))
        lists.append([])
    }

    private mutating func extendList(_ items: [PickleValue]) throws {
        guard case .list(let number) = try top() else { throw Defect("its pickle fills something else than a list") }
        lists[number] += items
    }

    private func items(_ value: PickleValue) throws -> [PickleValue] {
        guard case .tuple(let number) = value else { throw Defect("its pickle has \(value.kind) where a tuple should be") }
        return tuples[number]
    }

    private func integers(_ value: PickleValue) throws -> [Int] {
        try items(value).map { item in
            guard case .integer(let number) = item else { throw Defect("its pickle has \(item.kind) where an integer should be") }
            return number
        }
    }

    // MARK: Tensors

    /// Stands for a call of a Python function: the arguments are on top of its name.
    private mutating func reduce() throws {
        let arguments = try items(try pop())
        let function = try pop()
        switch function {
        case .global(.orderedDictionary) where arguments.isEmpty: pushDictionary()
        case .global(.rebuildTensor): stack.append(.tensor(try tensor(arguments)))
        case .global(.rebuildParameter):
            guard let value = arguments.first, case .tensor = value else { throw Defect("its pickle has a parameter that is no tensor") }
            stack.append(value)
        case .global(.loadStorage) where hasEmbeddedStorages: stack.append(.storage(try embeddedStorage(arguments)))
        default: throw Defect("its pickle calls \(function.kind), which a state dict does not")
        }
    }

    /// Stands for giving an object its attributes; the only ones here are the notes that PyTorch hangs on a state dict.
    private mutating func build() throws {
        _ = try pop()
        guard case .dictionary = try top() else { throw Defect("its pickle gives attributes to something else than a state dict") }
    }

    /// Stands for loading a storage, which a pickle names as `("storage", type, key, device, count)`; before PyTorch 1.6 something that is
    /// None followed.
    private mutating func pushStorage() throws {
        let parts = try items(try pop())
        guard (5...6).contains(parts.count), case .text("storage") = parts[0], case .global(.storage(let type)) = parts[1],
            case .text(let key) = parts[2], case .integer(let count) = parts[4]
        else { throw Defect("its pickle names a storage in an unknown way") }
        if parts.count == 6 { guard case .none = parts[5] else { throw Defect("its storage \(key.quoted) is a part of another one") } }
        let storage = StridedTensor.Storage(place: .entry(key), dataType: type, count: count)
        if let other = storages.updateValue(storage, forKey: key), other.dataType != type || other.count != count {
            throw Defect("its storage \(key.quoted) is described in two ways")
        }
        stack.append(.storage(storage))
    }

    /// A storage whose file is an argument of the call.
    private func embeddedStorage(_ arguments: [PickleValue]) throws -> StridedTensor.Storage {
        guard arguments.count == 1, case .bytes(let range) = arguments[0] else {
            throw Defect("its pickle loads a storage in an unknown way")
        }
        let file = UnsafeRawBufferPointer(rebasing: cursor.bytes[..<range.upperBound])
        let archive = try LegacyArchive(file, at: range.lowerBound)
        guard case .storage(let storage) = archive.pickle.value else { throw Defect("its pickle holds a file that is no storage") }
        return try archive.placed(storage)
    }

    /// The arguments are storage, offset, shape, strides, and two or three that matter only in training.
    private func tensor(_ arguments: [PickleValue]) throws -> StridedTensor {
        guard (6...7).contains(arguments.count), case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1] else {
            throw Defect("its pickle builds a tensor in an unknown way")
        }
        return try StridedTensor(
            storage: storage, offset: offset, shape: try integers(arguments[2]), strides: try integers(arguments[3]))
    }
}
