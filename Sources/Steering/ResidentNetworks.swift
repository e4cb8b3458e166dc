import Foundation
import Networks
import Tensors

/// The networks of a pack that are in memory.
///
/// Each is loaded when it is first needed. Where they do not all fit, the image tower and the U-Net make room for each other: a picture is
/// embedded once, and then sampled from many times.
final class ResidentNetworks {
    private let pack: Pack
    private let device: Device
    private let dataType: DataType
    private let residency: Residency
    private let autoencoderFile: any WeightFile
    private var loadedTower: ImageTower?
    private var loadedUNet: UNet?
    private var loadedMoVQ: MoVQ?

    private init(_ pack: Pack, device: Device, dataType: DataType, _ residency: Residency, autoencoderFile: any WeightFile) {
        self.pack = pack
        self.device = device
        self.dataType = dataType
        self.residency = residency
        self.autoencoderFile = autoencoderFile
    }

    /// Loads the sparse autoencoder, which always stays, and as many of the networks as may stay together.
    static func open(
        _ pack: Pack, device: Device, dataType: DataType, _ progress: (WorkProgress) -> Void
    ) throws -> (networks: ResidentNetworks, autoencoder: SparseAutoencoder) {
        let parts: [Pack.Part] = [.sae, .imageEncoder, .movq, .unet]
        // All are opened in any case: a damaged file is told now, not when it is needed.
        let files = try parts.map { try pack.weightFile(of: $0) }
        let numbers = files.reduce(0) { $0 + $1.numberCount }
        let residency = Residency(bytes: numbers * dataType.byteCount, device: device)
        let networks = ResidentNetworks(pack, device: device, dataType: dataType, residency, autoencoderFile: files[0])
        let loaded = residency.keepsAll ? files : files.dropLast()
        let autoencoder = try LoadProgress.follow(loaded.reduce(0) { $0 + $1.byteCount }, progress) { each in
            let autoencoder = try pack.sparseAutoencoder(from: files[0], as: dataType, on: device, each: each)
            networks.loadedTower = try pack.imageTower(as: dataType, on: device, each: each)
            networks.loadedMoVQ = try pack.movq(as: dataType, on: device, each: each)
            if residency.keepsAll { networks.loadedUNet = try pack.unet(as: dataType, on: device, each: each) }
            return autoencoder
        }
        return (networks, autoencoder)
    }

    func imageTower(_ progress: (WorkProgress) -> Void = { _ in }) throws -> ImageTower {
        if let loadedTower { return loadedTower }
        if !residency.keepsAll { loadedUNet = nil }
        let tower = try load(.imageEncoder, progress, pack.imageTower)
        loadedTower = tower
        return tower
    }

    func unet(_ progress: (WorkProgress) -> Void = { _ in }) throws -> UNet {
        if let loadedUNet { return loadedUNet }
        if !residency.keepsAll {
            loadedTower = nil
            // Sampling takes the directions of features, not what finds them.
            autoencoderFile.forget("encoder.weight")
        }
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

    private func load<Network>(
        _ part: Pack.Part, _ progress: (WorkProgress) -> Void,
        _ network: (DataType, Device, @escaping (Int) throws -> Void) throws -> Network
    ) throws -> Network {
        let bytes = try pack.weightFile(of: part).byteCount
        return try LoadProgress.follow(bytes, progress) { try network(dataType, device, $0) }
    }
}

/// Tells how many megabytes of weights are read, about two hundred times in all.
private final class LoadProgress {
    private let total: Int
    private let report: (WorkProgress) -> Void
    private var done = 0
    private var told = 0

    private init(_ total: Int, _ report: @escaping (WorkProgress) -> Void) {
        self.total = total
        self.report = report
    }

    /// - Parameter load: calls what it is given with the bytes of each parameter that it has read.
    static func follow<Result>(
        _ total: Int, _ report: (WorkProgress) -> Void, _ load: (@escaping (Int) throws -> Void) throws -> Result
    ) throws -> Result {
        try withoutActuallyEscaping(report) { report in
            let progress = LoadProgress(total, report)
            progress.tell()
            let result = try load { bytes in
                try Task.checkCancellation()
                progress.add(bytes)
            }
            progress.done = total
            progress.tell()
            return result
        }
    }

    private func add(_ bytes: Int) {
        done += bytes
        if done - told >= total / 200 && done < total { tell() }
    }

    private func tell() {
        told = done
        // Rounded up, so that the smallest pack has a megabyte as well.
        let count = max(1, (total + 999_999) / 1_000_000)
        report(WorkProgress(.loading, step: done >= total ? count : min(done / 1_000_000, count), count: count))
    }
}

extension WeightFile {
    /// How many numbers its tensors hold.
    fileprivate var numberCount: Int { names.reduce(0) { $0 + (entry($1)?.shape.reduce(1, *) ?? 0) } }

    /// The size of its tensors.
    fileprivate var byteCount: Int { names.reduce(0) { $0 + (entry($1)?.byteRange.count ?? 0) } }
}
