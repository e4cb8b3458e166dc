import Foundation

/// A file of named tensors, opened and checked but not read: a tensor's pages are loaded when it is first used.
public protocol WeightFile: Sendable {
    /// Where the file is, as the user named it.
    var url: URL { get }

    /// The files that the tensors are in, and the index that ties them together.
    var files: [URL] { get }

    /// The names of all tensors, in the order of the file.
    var names: [String] { get }

    /// What the file says about the tensor called `name`, or nil when there is none.
    func entry(_ name: String) -> TensorEntry?

    /// The tensor called `name`, over the file's own memory where possible.
    /// - Throws: `WeightFileError.missingTensor` when there is none.
    func tensor(_ name: String) throws -> Tensor

    /// What the file says beside its tensors, by name.
    var notes: [String: WeightNote] { get }

    /// Gives back the memory that the tensor called `name` takes where it lies over the file; it is read again when it is next used.
    func forget(_ name: String)
}

extension WeightFile {
    public var files: [URL] { [url] }

    /// None: most files hold tensors alone.
    public var notes: [String: WeightNote] { [:] }

    /// Does nothing: not every file can.
    public func forget(_ name: String) {}
}

/// A plain value that stands between a file's tensors.
public enum WeightNote: Sendable, Equatable {
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
}

/// What a file says about one of its tensors.
public struct TensorEntry: Sendable, Equatable {
    public let dataType: DataType
    public let shape: [Int]
    /// Where the elements lie, in bytes from the start of the file.
    public let byteRange: Range<Int>

    /// The largest number of dimensions that a file may ask for.
    static let highestRank = 8
    /// The largest number of tensors that a file may hold.
    static let highestCount = 65_536
}
