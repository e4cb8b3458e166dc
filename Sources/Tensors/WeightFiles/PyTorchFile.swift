import Files
import Foundation

/// A state dict as `torch.save` writes it since PyTorch 1.6 (`.pth`, `.pt`, `.bin`), mapped into memory and checked when opened.
///
/// Nothing that the file asks for is executed or imported: see `PickleMachine`.
public struct PyTorchFile: WeightFile {
    public let names: [String]
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
        let found = try WeightFileError.naming(url) {
            let archive = try ZipArchive(file.bytes)
            let folder = try Self.folder(of: archive)
            try Self.checkByteOrder(archive, folder, file.bytes)
            let pickle = try Self.pickle(archive, folder, file.bytes)
            return try PickleMachine.stateDict(pickle).map { ($0.name, try Self.place($0.tensor, archive, folder)) }
        }
        guard found.count <= TensorEntry.highestCount, Set(found.map(\.0)).count == found.count else {
            throw WeightFileError.malformed(file: url.relativePath, problem: "it holds too many tensors, or two of one name")
        }
        self.file = file
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

    private static func place(_ tensor: StridedTensor, _ archive: ZipArchive, _ folder: String) throws -> Placed {
        let key = tensor.storage.key
        guard let content = archive.entries["\(folder)/data/\(key)"]?.content else { throw Defect("it lacks its data \(key.quoted)") }
        let (expected, overflow) = tensor.storage.count.multipliedReportingOverflow(by: tensor.storage.dataType.byteCount)
        guard !overflow, expected == content.count else {
            throw Defect("its data \(key.quoted) has \(content.count) bytes where \(tensor.storage.count) elements were expected")
        }
        return Placed(tensor: tensor, storage: content)
    }
}
