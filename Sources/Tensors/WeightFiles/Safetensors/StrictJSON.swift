/// A JSON value that keeps what a lenient reader forgets: the order of members, and whether a number was written as an integer.
enum StrictJSON: Equatable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// A number with a fraction or an exponent, or beyond the range of `Int`.
    case real(Double)
    case string(String)
    case array([StrictJSON])
    case object([Member])

    struct Member: Equatable {
        let name: String
        let value: StrictJSON
    }

    /// Reads the one value in `bytes`, which may have white space around it.
    /// - Throws: `Defect` for anything that RFC 8259 does not allow, for an object with two members of one name, and for text that
    ///   is nested or numerous beyond what any file of weights needs.
    init(_ bytes: UnsafeRawBufferPointer) throws {
        var parser = StrictJSONParser(bytes)
        self = try parser.document()
    }

    /// The member called `name` of an object.
    subscript(name: String) -> StrictJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var array: [StrictJSON]? {
        if case .array(let values) = self { values } else { nil }
    }

    var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
}
