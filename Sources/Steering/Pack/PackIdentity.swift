import Files
import Foundation
import Networks
import Tensors

/// What a pack is: its identity is the SHA-256 of what its networks are made of, and of nothing else.
///
/// It takes in every tensor's name, type, shape and bytes, and the options of the configurations that Fader reads, whatever the files are called
/// and however they are laid out: a stray file, another format of the same weights or a reformatted configuration changes nothing, and a
/// retrained autoencoder does. All bytes count, not a sample of them, as one layer or one feature may be all that differs. Reading 15 GB takes
/// some seconds, so a file's digest is kept in `ContentCache` until its size, its time or its place on the disk changes.
extension Pack {
    /// Identifies this pack, in 64 hexadecimal digits.
    /// - Throws: when a needed part is missing or cannot be read.
    public func fingerprint() throws -> String {
        var content = Data()
        for part in Part.all where part.isNeeded || has(part) {
            do {
                content += try Data("\(part.rawValue) \(identity(of: part))\n".utf8)
            } catch  where !part.isNeeded && !(error is CancellationError) {
                // A fault of these is told when a text needs them.
                content += Data("\(part.rawValue) unreadable\n".utf8)
            }
        }
        return Digest.sha256(content)
    }

    /// What `fingerprint` was before it went by contents: the names and sizes of all files, and the bytes of those that end in `.json`. Recipes and
    /// feature libraries of that time carry it.
    func formerFingerprint() -> String? {
        var content = Data()
        for part in [Part.imageEncoder, .unet, .movq, .scheduler, .sae] + Part.ofTexts.filter(has) {
            guard let place = try? folder(of: part), let names = try? FileManager.default.contentsOfDirectory(atPath: place.path) else {
                return nil
            }
            for name in names.sorted() {
                let file = place.appendingPathComponent(name)
                if name.hasSuffix(".json") {
                    guard let bytes = try? Data(contentsOf: file) else { return nil }
                    content += Data("\(part.rawValue)/\(name)\n".utf8) + bytes
                } else {
                    let size = try? FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path)[.size] as? Int
                    content += Data("\(part.rawValue)/\(name) \(size ?? 0)\n".utf8)
                }
            }
        }
        return Digest.sha256(content)
    }

    private func identity(of part: Part) throws -> String {
        let place = try folder(of: part)
        var content = Data()
        for name in part.configurations {
            let file = place.appendingPathComponent(name)
            guard let bytes = FileManager.default.contents(atPath: file.path) else { continue }
            content += Data("\(part == .sae ? "configuration" : name)\n".utf8) + (Self.options(bytes) ?? bytes) + Data("\n".utf8)
        }
        if part.hasWeights { content += Data(try ContentCache.user.digest(of: weightFile(of: part)).utf8) }
        return Digest.sha256(content)
    }

    /// A configuration without what does not count: its layout, the order of its options, and notes, whose names begin with an underscore.
    private static func options(_ json: Data) -> Data? {
        guard var options = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else { return nil }
        options = options.filter { !$0.key.hasPrefix("_") }
        return try? JSONSerialization.data(withJSONObject: options, options: [.sortedKeys, .withoutEscapingSlashes])
    }
}

extension Pack.Part {
    fileprivate var hasWeights: Bool {
        switch self {
        case .imageEncoder, .textEncoder, .prior, .unet, .movq, .sae: true
        case .imageProcessor, .tokenizer, .priorScheduler, .scheduler: false
        }
    }

    /// The files that say how it computes, as far as they are there.
    fileprivate var configurations: [String] {
        switch self {
        case .imageEncoder, .textEncoder, .prior, .unet, .movq: ["config.json"]
        case .sae: ["cfg.json", "config.json"]
        case .imageProcessor: ["preprocessor_config.json"]
        case .scheduler, .priorScheduler: ["scheduler_config.json"]
        case .tokenizer: ["vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"]
        }
    }
}

/// The digests of weight files, kept between runs so that each is read once: `$XDG_CACHE_HOME/fader/contents`.
///
/// A digest holds as long as the files have the same paths, sizes, modification times and inodes. A file that changed a moment ago is not
/// remembered, as it could change again without its time telling; nor are small files, which are read as soon as a digest is found.
struct ContentCache {
    /// Nil where nothing can be kept.
    private let folder: URL?
    /// How large the tensors must be together for their digest to be kept.
    private let leastBytes: Int

    /// In seconds.
    private static let leastAge = 2.0
    private static let pieceBytes = 16 << 20

    static var user: ContentCache { ContentCache(environment: ProcessInfo.processInfo.environment) }

    init(environment: [String: String], leastBytes: Int = 1 << 20) {
        self.leastBytes = leastBytes
        let named = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil }
        let usual = environment["HOME"].map { URL(fileURLWithPath: $0).appendingPathComponent(".cache") }
        folder = (named ?? usual)?.appendingPathComponent("fader/contents")
    }

    private struct Entry: Codable {
        let files: [String]
        let digest: String
    }

    /// The SHA-256 of all tensors of a file: their names, types, shapes and bytes, in the order of their names.
    func digest(of file: any WeightFile) throws -> String {
        if file.byteCount < leastBytes { return try Self.computed(file) }
        let states = file.files.map(Self.state)
        let place = folder?.appendingPathComponent(Digest.sha256(Data(file.url.resolvingSymlinksInPath().path.utf8)) + ".json")
        if let place, states.allSatisfy({ $0 != nil }), let data = FileManager.default.contents(atPath: place.path),
            let entry = try? JSONDecoder().decode(Entry.self, from: data), entry.files == states.compactMap({ $0?.text })
        {
            return entry.digest
        }
        let digest = try Self.computed(file)
        let isOld = states.allSatisfy { $0.map { $0.age > Self.leastAge } ?? false }
        if let place, isOld, file.files.map(Self.state).map({ $0?.text }) == states.map({ $0?.text }) {
            keep(Entry(files: states.compactMap { $0?.text }, digest: digest), at: place)
        }
        return digest
    }

    /// What cannot be kept is computed again: no reason to fail.
    private func keep(_ entry: Entry, at place: URL) {
        guard let data = try? JSONEncoder().encode(entry) else { return }
        try? FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? AtomicFile.write(data, to: place)
    }

    /// A file's path, size, time and place, and how many seconds ago it changed.
    private static func state(_ url: URL) -> (text: String, age: Double)? {
        let path = url.resolvingSymlinksInPath().path
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let (seconds, nanoseconds) = (Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec))
        let text = "\(path) \(status.st_size) \(seconds).\(nanoseconds) \(status.st_dev) \(status.st_ino)"
        return (text, Date().timeIntervalSince1970 - Double(seconds) - Double(nanoseconds) / 1e9)
    }

    private static func computed(_ file: any WeightFile) throws -> String {
        let hash = Digest.Running()
        for name in file.names.sorted() {
            try Task.checkCancellation()
            guard let entry = file.entry(name) else { continue }
            hash.add(Array("\(name) \(entry.dataType.rawValue) \(entry.shape)\n".utf8))
            let tensor = try file.tensor(name)
            guard let rows = entry.shape.first, !entry.shape.contains(0) else {
                try hash.add(tensor.rawBytes())
                continue
            }
            let rowBytes = entry.shape.dropFirst().reduce(entry.dataType.byteCount, *)
            let length = max(1, pieceBytes / rowBytes)
            for start in stride(from: 0, to: rows, by: length) {
                try hash.add(tensor.narrowed(0, from: start, length: min(length, rows - start)).contiguous().rawBytes())
            }
            file.forget(name)
        }
        return hash.digest()
    }
}
