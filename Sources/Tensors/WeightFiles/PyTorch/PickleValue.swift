import Files

/// A value on the stack of a `PickleMachine`.
///
/// Tuples, lists and dictionaries are numbers under which the machine keeps their items: a hostile pickle can nest them as deep as it
/// is long, and freeing values that hold each other would recurse as deep.
enum PickleValue {
    case none
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    /// Where the bytes lie in the file.
    case bytes(Range<Int>)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(PickleGlobal)
    case storage(StridedTensor.Storage)
    case tensor(StridedTensor)

    /// What it is, for messages.
    var kind: String {
        switch self {
        case .none: "None"
        case .boolean: "a truth value"
        case .integer: "an integer"
        case .number: "a number"
        case .text: "a string"
        case .bytes: "a run of bytes"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dictionary: "a dictionary"
        case .global: "a Python name"
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }
}

/// The names of Python that a state dict may mention; they stand for what they do here, and nothing is imported or called.
enum PickleGlobal {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case loadStorage
    case storage(DataType)

    /// - Throws: `Defect` for every other name.
    init(module: String, name: String) throws {
        switch "\(module).\(name)" {
        case "collections.OrderedDict": self = .orderedDictionary
        case "torch._utils._rebuild_tensor_v2": self = .rebuildTensor
        case "torch._utils._rebuild_parameter": self = .rebuildParameter
        case "torch.storage._load_from_bytes": self = .loadStorage
        case "torch.DoubleStorage": self = .storage(.float64)
        case "torch.FloatStorage": self = .storage(.float32)
        case "torch.HalfStorage": self = .storage(.float16)
        case "torch.BFloat16Storage": self = .storage(.bfloat16)
        case "torch.LongStorage": self = .storage(.int64)
        case "torch.IntStorage": self = .storage(.int32)
        case "torch.ShortStorage": self = .storage(.int16)
        case "torch.CharStorage": self = .storage(.int8)
        case "torch.ByteStorage", "torch.storage.UntypedStorage": self = .storage(.uint8)
        case "torch.BoolStorage": self = .storage(.bool)
        case let other: throw Defect("the pickle asks for \(other.printable), which Fader does not run")
        }
    }
}
