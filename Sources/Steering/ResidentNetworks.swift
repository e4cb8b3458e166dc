import Foundation
import Networks
import Tensors

/// The networks of a pack that are in memory.
///
/// Each is loaded when it is first needed. Where they do not all fit, the large ones make room for each other: a picture or a text is embedded
/// once, and then sampled from many times.
final class ResidentNetworks {
    private let pack: Pack
    private let device: Device
    private let dataType: DataType
    private let residency: Residency
    private let autoencoderFile: SparseAutoencoderFile
    private var loadedTower: ImageTower?
    private var loadedTextTower: TextTower?
    private var loadedPrior: Prior?
    private var loadedUNet: UNet?
    private var loadedMoVQ: MoVQ?

    private init(_ pack: Pack, device: Device, dataType: DataType, _ residency: Residency, autoencoderFile: SparseAutoencoderFile) {
        self.pack = pack
        self.device = device
        self.dataType = dataType
        self.residency = residency
        self.autoencoderFile = autoencoderFile
    }

    /// Loads the sparse autoencoder and MoVQ, which always stay, and the networks of pictures if they may stay together.
    static func open(
        _ pack: Pack, device: Device, dataType: DataType, _ progress: (WorkProgress) -> Void
    ) throws -> (networks: ResidentNetworks, autoencoder: SparseAutoencoder) {
        // All are opened in any case: a damaged file is told now, not when it is needed.
        let autoencoderFile = try pack.sparseAutoencoderFile()
        try pack.requireFittingAutoencoder(autoencoderFile.width)
        let parts: [Pack.Part] = [.movq, .imageEncoder, .unet]
        let files = try [autoencoderFile.file] + parts.map { try pack.weightFile(of: $0) }
        // These are optional, and a fault of theirs is told when a text needs them.
        let textFiles = [Pack.Part.textEncoder, .prior].compactMap { try? pack.weightFile(of: $0) }
        func bytes(_ files: [any WeightFile]) -> Int { files.reduce(0) { $0 + $1.numberCount } * dataType.byteCount }
        let residency = Residency(bytes: bytes(files), textBytes: bytes(textFiles), device: device)
        let networks = ResidentNetworks(pack, device: device, dataType: dataType, residency, autoencoderFile: autoencoderFile)
        let loaded = residency.keepsAll ? files : Array(files.prefix(2))
        let autoencoder = try LoadProgress.follow(loaded.reduce(0) { $0 + $1.byteCount }, progress) { each in
            let autoencoder = try autoencoderFile.load(as: dataType, on: device, each: each)
            networks.loadedMoVQ = try pack.movq(as: dataType, on: device, each: each)
            if residency.keepsAll {
                networks.loadedTower = try pack.imageTower(as: dataType, on: device, each: each)
                networks.loadedUNet = try pack.unet(as: dataType, on: device, each: each)
            }
            return autoencoder
        }
        return (networks, autoencoder)
    }

    func imageTower(_ progress: (WorkProgress) -> Void = { _ in }) throws -> ImageTower {
        if let loadedTower { return loadedTower }
        makeRoom()
        let tower = try load(.imageEncoder, progress, pack.imageTower)
        loadedTower = tower
        return tower
    }

    func unet(_ progress: (WorkProgress) -> Void = { _ in }) throws -> UNet {
        if let loadedUNet { return loadedUNet }
        makeRoom()
        forgetEncoder()
        let unet = try load(.unet, progress, pack.unet)
        loadedUNet = unet
        return unet
    }

    func movq() throws -> MoVQ {
        if let loadedMoVQ { return loadedMoVQ }
        let movq = try load(.movq, { _ in }, pack.movq)
        loadedMoVQ = movq
        return movq
    }

    /// It stays only as long as it is held where the networks of texts do not fit beside the others.
    func textTower(_ progress: (WorkProgress) -> Void = { _ in }) throws -> TextTower {
        if let loadedTextTower { return loadedTextTower }
        makeRoom()
        forgetEncoder()
        let tower = try load(.textEncoder, progress, pack.textTower)
        if residency.keepsTexts { loadedTextTower = tower }
        return tower
    }

    /// It stays only as long as it is held where the networks of texts do not fit beside the others.
    func prior(_ progress: (WorkProgress) -> Void = { _ in }) throws -> Prior {
        if let loadedPrior { return loadedPrior }
        makeRoom()
        forgetEncoder()
        let prior = try load(.prior, progress, pack.prior)
        if residency.keepsTexts { loadedPrior = prior }
        return prior
    }

    private func makeRoom() {
        guard !residency.keepsAll else { return }
        (loadedTower, loadedUNet) = (nil, nil)
    }

    /// Sampling takes the directions of features, not what finds them.
    private func forgetEncoder() {
        guard !residency.keepsAll else { return }
        autoencoderFile.forgetEncoder()
    }

    private func load<Network>(
        _ part: Pack.Part, _ progress: (WorkProgress) -> Void,
        _ network: (DataType, Device, @escaping (Int) throws -> Void) throws -> Network
    ) throws -> Network {
        let bytes = try pack.weightFile(of: part).byteCount
        return try LoadProgress.follow(bytes, progress) { try network(dataType, device, $0) }
    }
}
