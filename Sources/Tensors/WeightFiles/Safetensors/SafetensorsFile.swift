import Foundation

/// A safetensors file, mapped into memory and strictly checked when opened.
public struct SafetensorsFile: WeightFile {
    /// The names of all tensors, in the order in which their data lies in the file.
    public let names: [String]
    /// The free text that the file carries.
    public let metadata: [String: String]
    private let entries: [String: TensorEntry]
    private let file: MappedFile

    /// Opens the file and checks its header against its size; the tensors themselves are not read yet.
    /// - Throws: `WeightFileError` naming the file, the tensor, what was expected and what was found.
    public init(contentsOf url: URL) throws {
        let file = try MappedFile(url)
        let header = try WeightFileError.naming(url) { try SafetensorsHeader(file.bytes) }
        self.file = file
        names = header.names
        metadata = header.metadata
        entries = header.entries
    }

    public var url: URL { file.url }

    public func entry(_ name: String) -> TensorEntry? { entries[name] }

    public func tensor(_ name: String) throws -> Tensor {
        guard let entry = entries[name] else { throw WeightFileError.missingTensor(file: url.relativePath, name: name) }
        return try file.tensor(entry)
    }

    public func forget(_ name: String) {
        if let entry = entries[name] { file.forget(entry.byteRange) }
    }
}
