import Foundation
import Networks
import Tensors

/// A folder of model weights in the layout of the published Kandinsky 2.2 repositories.
public struct Pack: Sendable {
    public let folder: URL
    public let description: PackDescription

    /// - Throws: `SteeringError` when there is no such folder or its `pack.json` cannot be read.
    public init(_ folder: URL) throws {
        let folder = try HubCache.snapshot(folder.expandingHome)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
            try folder.requireNoDanglingLink()
            throw SteeringError.packMissing(folder.path)
        }
        self.folder = folder
        description = try PackDescription(contentsOf: folder.appendingPathComponent("pack.json"))
    }

    public var name: String { description.name ?? folder.standardizedFileURL.lastPathComponent }

    /// The pack that is used when none is named: `$FADER_PACK`, or the demo pack.
    ///
    /// That is `assets/demo` in a clone that the program is in, or `share/fader/demo` where the program is installed, or in the folders for
    /// shared data.
    /// - Throws: `SteeringError.noPackFound` with the places, where there is none; what `NamedPacks.folder(of:)` throws of `$FADER_PACK`.
    public static func defaultFolder(environment: [String: String], program: URL) throws -> URL {
        if let named = environment["FADER_PACK"], !named.isEmpty { return try NamedPacks(environment: environment).folder(of: named) }
        var places: [URL] = []
        var around = program.resolvingSymlinksInPath().deletingLastPathComponent()
        while true {
            places += ["assets/demo", "share/fader/demo"].map(around.appendingPathComponent)
            if around.path == "/" { break }
            around.deleteLastPathComponent()
        }
        let shared = environment["XDG_DATA_DIRS"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/share:/usr/share"
        places += shared.split(separator: ":").filter { $0.hasPrefix("/") }
            .map { URL(fileURLWithPath: String($0)).appendingPathComponent("fader/demo") }
        guard let found = places.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            throw SteeringError.noPackFound(places: places.map(\.path))
        }
        return found
    }

    /// A part of one of the three repositories.
    enum Part: String {
        case imageEncoder = "prior/image_encoder"
        case imageProcessor = "prior/image_processor"
        case textEncoder = "prior/text_encoder"
        case tokenizer = "prior/tokenizer"
        case prior = "prior/prior"
        case priorScheduler = "prior/scheduler"
        case unet = "decoder/unet"
        case movq = "decoder/movq"
        case scheduler = "decoder/scheduler"
        case sae

        private static let needed: [Part] = [.imageEncoder, .imageProcessor, .unet, .movq, .scheduler, .sae]
        static let ofTexts: [Part] = [.textEncoder, .tokenizer, .prior, .priorScheduler]
        /// Every part, the needed ones first.
        static let all = needed + ofTexts

        /// Whether a pack is of no use without it.
        var isNeeded: Bool { Self.needed.contains(self) }

        /// Its name, and what needs it where not everything does.
        fileprivate var whatIsMissing: String {
            switch self {
            case .textEncoder, .tokenizer: "\(rawValue), which prompts and directions need"
            case .prior, .priorScheduler: "\(rawValue), which prompts need"
            default: rawValue
            }
        }
    }

    /// - Throws: `SteeringError.packPartMissing` when it is not there.
    func folder(of part: Part) throws -> URL {
        let pieces = part.rawValue.split(separator: "/").map(String.init)
        let redirections = ["prior": description.prior, "decoder": description.decoder, "sae": description.sae]
        var place = folder
        if let target = (redirections[pieces[0]] ?? nil)?.expandingHome {
            place = URL(fileURLWithPath: target, relativeTo: URL(fileURLWithPath: folder.path, isDirectory: true)).absoluteURL
        } else {
            place = place.appendingPathComponent(pieces[0])
        }
        place = try HubCache.snapshot(place)
        for piece in pieces.dropFirst() { place = place.appendingPathComponent(piece) }
        guard FileManager.default.fileExists(atPath: place.path) else {
            try place.requireNoDanglingLink()
            throw SteeringError.packPartMissing(pack: folder.path, part: part.whatIsMissing)
        }
        return place
    }

    func has(_ part: Part) -> Bool { (try? folder(of: part)) != nil }

    /// How many threads serve the pack best, where that is known: one for small networks.
    ///
    /// Their operations are too short to share, and libgomp's threads wait for each other by spinning: on two cores with other work, a picture
    /// of the demo pack took 30 s with two threads and 2 s with one.
    var suggestedThreads: Int? {
        guard let unet = try? folder(of: .unet), let names = try? FileManager.default.contentsOfDirectory(atPath: unet.path) else {
            return nil
        }
        let bytes = names.reduce(0) { sum, name in
            let file = unet.appendingPathComponent(name).resolvingSymlinksInPath()
            return sum + ((try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? 0)
        }
        return bytes < 200_000_000 ? 1 : nil
    }
}
