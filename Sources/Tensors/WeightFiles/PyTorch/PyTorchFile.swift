import Files
import Foundation

/// A state dict as `torch.save` writes it, in today's archive or in what came before PyTorch 1.6, or as Python's `pickle` writes it (`.pth`,
/// `.pt`, `.bin`, `.pkl`), mapped into memory and checked when opened.
///
/// Nothing that the file asks for is executed or imported: see `PickleMachine`.
public struct PyTorchFile: WeightFile {
    public let names: [String]
    public let notes: [String: WeightNote]
    private let tensors: [String: Placed]
    private let file: MappedFile

    /// A tensor and where its storage lies in the file.
    private struct Placed {
        let tensor: StridedTensor
        let storage: Range<Int>
    }

    /// Opens the file and reads its directory and its pickle; the tensors themselves are not read yet.
    /// - Throws: `WeightFileError` naming the file and what is wrong with it.
    public init(contentsOf url: URL) throws {
        let file = try MappedFile(url)
        let (found, notes) = try WeightFileError.naming(url) { try Self.contents(file.bytes) }
        guard found.count <= TensorEntry.highestCount, Set(found.map(\.0)).count == found.count else {
            throw WeightFileError.malformed(file: url.relativePath, problem: "it holds too many tensors, or two of one name")
        }
        self.file = file
        self.notes = notes
        names = found.map(\.0)
        tensors = Dictionary(uniqueKeysWithValues: found)
    }

    public var url: URL { file.url }

    public func entry(_ name: String) -> TensorEntry? {
        guard let placed = tensors[name] else { return nil }
        let tensor = placed.tensor
        let width = tensor.storage.dataType.byteCount
        let start = placed.storage.lowerBound
        return TensorEntry(
            dataType: tensor.storage.dataType, shape: tensor.shape, byteRange: start + tensor.offset * width..<start + tensor.end * width)
    }

    public func tensor(_ name: String) throws -> Tensor {
        guard let placed = tensors[name], let entry = entry(name) else {
            throw WeightFileError.missingTensor(file: url.relativePath, name: name)
        }
        return try placed.tensor.isContiguous ? file.tensor(entry) : gathered(placed)
    }

    /// A copy in row-major order, in which repeated dimensions take no memory.
    private func gathered(_ placed: Placed) throws -> Tensor {
        let tensor = placed.tensor
        let type = tensor.storage.dataType
        let storage = UnsafeRawBufferPointer(rebasing: file.bytes[placed.storage])
        let memory = AlignedMemory(byteCount: tensor.distinctShape.reduce(type.byteCount, *))
        switch type.byteCount {
        case 1: tensor.gather(UInt8.self, from: storage, to: memory.bytes)
        case 2: tensor.gather(UInt16.self, from: storage, to: memory.bytes)
        case 4: tensor.gather(UInt32.self, from: storage, to: memory.bytes)
        default: tensor.gather(UInt64.self, from: storage, to: memory.bytes)
        }
        return try memory.tensor(tensor.distinctShape, type).expanded(tensor.shape)
    }

    // MARK: Opening

    /// The tensors and the notes of a file, by the form that it begins with.
    private static func contents(_ bytes: UnsafeRawBufferPointer) throws -> ([(String, Placed)], [String: WeightNote]) {
        if LegacyArchive.endOfSignature(bytes) != nil {
            let archive = try LegacyArchive(bytes)
            let state = try StateDict(archive.pickle)
            return (try state.tensors.map { ($0.name, try place($0.tensor) { try archive.placed($0).place }) }, state.notes)
        }
        if bytes.first == PickleOpcode.proto.rawValue {
            var cursor = try ByteCursor(bytes)
            let pickle = try PickleMachine(&cursor, hasEmbeddedStorages: true)
            guard cursor.isAtEnd else { throw Defect("it goes on behind its pickle") }
            let state = try StateDict(pickle)
            return (try state.tensors.map { ($0.name, try place($0.tensor) { $0.place }) }, state.notes)
        }
        let archive = try ZipArchive(bytes)
        let folder = try folder(of: archive)
        try checkByteOrder(archive, folder, bytes)
        var cursor = try ByteCursor(try pickle(archive, folder, bytes))
        let state = try StateDict(PickleMachine(&cursor))
        let placed = try state.tensors.map { name, tensor in
            (name, try place(tensor) { try self.place($0, archive, folder) })
        }
        return (placed, state.notes)
    }

    /// The folder in the archive that holds everything; its name is free.
    private static func folder(of archive: ZipArchive) throws -> String {
        let ending = "/data.pkl"
        let pickles = archive.entries.keys.filter { $0.hasSuffix(ending) }
        guard pickles.count == 1 else { throw Defect("it holds \(pickles.count) entries called data.pkl where torch.save writes one") }
        return String(pickles[0].dropLast(ending.count))
    }

    private static func checkByteOrder(_ archive: ZipArchive, _ folder: String, _ bytes: UnsafeRawBufferPointer) throws {
        guard let order = archive.entries["\(folder)/byteorder"] else { return }
        guard Array(bytes[order.content]) == Array("little".utf8) else { throw Defect("its numbers are not little-endian") }
    }

    /// The pickle, whose checksum is verified because every number in it counts; the tensors' are not, as that would read the whole file.
    private static func pickle(_ archive: ZipArchive, _ folder: String, _ bytes: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer {
        guard let entry = archive.entries["\(folder)/data.pkl"] else { throw Defect("it holds no data.pkl") }
        let pickle = UnsafeRawBufferPointer(rebasing: bytes[entry.content])
        guard Checksum.crc32(pickle) == entry.checksum else { throw Defect("the checksum of its data.pkl is wrong") }
        return pickle
    }

    /// - Parameter find: says where a storage lies.
    private static func place(
        _ tensor: StridedTensor, _ find: (StridedTensor.Storage) throws -> StridedTensor.Storage.Place
    ) throws -> Placed {
        let storage = tensor.storage
        guard case .bytes(let content) = try find(storage) else { throw Defect("its storage is not in the file") }
        let (expected, overflow) = storage.count.multipliedReportingOverflow(by: storage.dataType.byteCount)
        guard !overflow, expected == content.count else {
            let name = if case .entry(let key) = storage.place { key.quoted } else { "storage" }
            throw Defect("its data \(name) has \(content.count) bytes where \(storage.count) elements were expected")
        }
        return Placed(tensor: tensor, storage: content)
    }

    private static func place(_ storage: StridedTensor.Storage, _ archive: ZipArchive, _ folder: String) throws
        -> StridedTensor.Storage.Place
    {
        guard case .entry(let key) = storage.place else { return storage.place }
        guard let content = archive.entries["\(folder)/data/\(key)"]?.content else { throw Defect("it lacks its data \(key.quoted)") }
        return .bytes(content)
    }
}
