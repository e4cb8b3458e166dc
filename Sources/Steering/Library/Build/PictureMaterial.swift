import Foundation
import Networks
import Pictures
import Tensors

/// What a library is built from.
public enum LibrarySource: Sendable, Equatable {
    /// All PNG, JPEG and WebP files in a folder and the folders in it.
    case pictures(URL)
    /// The only matrix `[count, width]` of a safetensors file, or the one that is called `embeddings`.
    case embeddings(URL)

    /// The first picture of the folder that can be read; nil for a file of embeddings.
    public var firstPicture: Picture? {
        guard case .pictures(let folder) = self else { return nil }
        return PictureFolder.pictures(in: folder).lazy.compactMap { try? Picture(contentsOf: folder.appendingPathComponent($0.name)) }.first
    }
}

/// A picture that may stay in the library.
struct LibraryPicture {
    let place: Int
    let path: String
    let sha256: String?
    let thumbnail: Data?
    /// Half-precision numbers, little-endian.
    let embedding: Data
}

/// Some pictures' embeddings.
struct EmbeddedBatch {
    /// Which pictures of all these are.
    let places: [Int]
    /// `[places, width]` in float32, on the device of the autoencoder.
    let embeddings: Tensor
    /// Those that could not be read, each in a sentence.
    let unreadable: [String]
    /// What to keep of a picture, by its place in the batch.
    let picture: (_ row: Int) throws -> LibraryPicture
}

/// Pictures in a fixed order, embedded some at a time.
protocol PictureMaterial {
    var path: String { get }
    /// Identifies these pictures.
    var identity: String { get }
    var count: Int { get }
    /// How many to embed at a time for so many features.
    func batchSize(featureCount: Int) -> Int
    func embedded(_ range: Range<Int>) throws -> EmbeddedBatch
}

/// The rows of a file, of which only those in use are in memory.
struct EmbeddingFile: PictureMaterial {
    let path: String
    let identity: String
    let count: Int
    private let rows: Tensor
    private let device: Device
    private let name: String

    /// - Throws: `LibraryError.unsuitableEmbeddings` when there is no such matrix or its width is another.
    init(_ url: URL, width: Int, device: Device) throws {
        func unsuitable(_ reason: String) -> LibraryError { .unsuitableEmbeddings(file: url.path, reason: reason) }
        let file = try SafetensorsFile(contentsOf: url)
        let matrices = file.names.filter { file.entry($0)?.shape.count == 2 }
        guard let name = matrices.contains("embeddings") ? "embeddings" : matrices.first, matrices.count == 1 || name == "embeddings" else {
            throw unsuitable("it must hold one matrix [count, width], or one called \"embeddings\".")
        }
        rows = try file.tensor(name)
        guard try rows.dataType.isFloatingPoint, (1...Int(UInt32.max)).contains(rows.size(0)), rows.size(1) == width else {
            throw unsuitable("\"\(name)\" is \(rows.shape) where embeddings [count, \(width)] of floating-point numbers are asked for.")
        }
        self.device = device
        self.name = url.lastPathComponent
        path = url.path
        count = rows.size(0)
        identity = try Self.identity(of: url, rows.shape)
    }

    // A batch and its activations stay within a few hundred megabytes.
    func batchSize(featureCount: Int) -> Int { min(max(16_777_216 / max(featureCount, 1), 1), 256) }

    func embedded(_ range: Range<Int>) throws -> EmbeddedBatch {
        let batch = try rows.narrowed(0, from: range.lowerBound, length: range.count).to(.float32)
        if try !batch.isAllFinite() {
            let finite = try batch.isFinite().to(.float32).smallest([1]).floats()
            let broken = range.lowerBound + (finite.firstIndex(of: 0) ?? 0)
            throw LibraryError.unsuitableEmbeddings(file: path, reason: "row \(broken) holds a number that is not finite.")
        }
        return EmbeddedBatch(places: Array(range), embeddings: try batch.to(device: device), unreadable: []) { row in
            LibraryPicture(
                place: range.lowerBound + row, path: "\(name)#\(range.lowerBound + row)", sha256: nil, thumbnail: nil,
                embedding: try batch.narrowed(0, from: row, length: 1).halfPrecision())
        }
    }

    /// The SHA-256 of the file's size, shape, and first and last megabyte: reading all would take as long as the work.
    private static func identity(of url: URL, _ shape: [Int]) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: url.path) else { throw SteeringError.unreadableFile(url.path) }
        defer { try? handle.close() }
        do {
            let piece = 1 << 20
            let size = try handle.seekToEnd()
            try handle.seek(toOffset: 0)
            var content = try handle.read(upToCount: piece) ?? Data()
            try handle.seek(toOffset: size - min(size, UInt64(piece)))
            content += try handle.read(upToCount: piece) ?? Data()
            return Digest.sha256(Data("\(shape) \(size)\n".utf8) + content)
        } catch {
            throw SteeringError.unreadableFile(url.path)
        }
    }
}

/// The pictures of a folder, in the order of their names.
struct PictureFolder: PictureMaterial {
    let path: String
    let identity: String
    var count: Int { names.count }
    private let folder: URL
    private let names: [String]
    private let tower: PictureTower

    /// The longer side of a thumbnail, in pixels.
    private static let thumbnailSide = 96
    private static let endings = ["png", "jpg", "jpeg", "webp"]

    /// - Throws: `LibraryError.noPictures`.
    init(_ folder: URL, _ tower: PictureTower) throws {
        self.folder = folder
        self.tower = tower
        path = folder.path
        let found = Self.pictures(in: folder)
        guard !found.isEmpty else { throw LibraryError.noPictures(folder: folder.path) }
        names = found.map(\.name)
        identity = Digest.sha256(Data(found.map { "\($0.name) \($0.size)\n" }.joined().utf8))
    }

    func batchSize(featureCount: Int) -> Int { 16 }

    func embedded(_ range: Range<Int>) throws -> EmbeddedBatch {
        var (places, values, details, unreadable): ([Int], [Tensor], [(sha256: String, thumbnail: Data)], [String]) = ([], [], [], [])
        for place in range {
            try Task.checkCancellation()
            do {
                let data = try Picture.contents(of: folder.appendingPathComponent(names[place]))
                let picture = try Picture(data: data, name: names[place])
                values.append(try tower.pixelValues(picture))
                details.append((Digest.sha256(data), try picture.reduced(to: Self.thumbnailSide).pngData()))
                places.append(place)
            } catch let error as PictureError {
                unreadable.append(String(describing: error))
            }
        }
        let embeddings = try values.isEmpty ? Tensor.zeros([0, 1]) : tower.embeddings(Tensor.concatenated(values, dimension: 0))
        return EmbeddedBatch(places: places, embeddings: embeddings, unreadable: unreadable) { row in
            LibraryPicture(
                place: places[row], path: names[places[row]], sha256: details[row].sha256, thumbnail: details[row].thumbnail,
                embedding: try embeddings.narrowed(0, from: row, length: 1).halfPrecision())
        }
    }

    /// Those that are not hidden, with the sizes of their files, by name.
    static func pictures(in folder: URL) -> [(name: String, size: Int)] {
        let files = FileManager.default
        let names = files.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.sorted().compactMap { name in
            guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }),
                endings.contains(URL(fileURLWithPath: name).pathExtension.lowercased())
            else { return nil }
            let file = folder.appendingPathComponent(name).resolvingSymlinksInPath()
            let attributes = try? files.attributesOfItem(atPath: file.path)
            guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
            return (name, (attributes?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }
}

/// The part of a pack that embeds pictures.
struct PictureTower {
    let format: PixelNormalisation
    let networks: ResidentNetworks
    let device: Device

    init(_ pack: Pack, _ networks: ResidentNetworks, on device: Device) throws {
        format = try pack.pixelNormalisation()
        self.networks = networks
        self.device = device
        // A damaged file is told before any picture is read.
        _ = try networks.imageTower()
    }

    /// `[1, 3, side, side]`, on the CPU.
    func pixelValues(_ picture: Picture) throws -> Tensor { try format(picture.centreSquare(format).byteTensor()) }

    /// `[batch, 3, side, side]` → `[batch, width]`.
    func embeddings(_ pixelValues: Tensor) throws -> Tensor {
        let pixelValues = try pixelValues.to(device: device)
        return try networks.compute(.imageEncoder, "An image embedding", with: networks.imageTower) {
            try $0(pixelValues)
        }
    }
}

extension Tensor {
    /// Its elements as half-precision numbers, little-endian.
    fileprivate func halfPrecision() throws -> Data { Data(try to(.float16, device: .cpu).contiguous().rawBytes()) }
}

extension Picture {
    /// The picture with a longer side of at most `side` pixels.
    func reduced(to side: Int) throws(PictureError) -> Picture {
        let longer = max(width, height)
        if longer <= side { return self }
        return try resized(width: max(1, width * side / longer), height: max(1, height * side / longer))
    }
}
