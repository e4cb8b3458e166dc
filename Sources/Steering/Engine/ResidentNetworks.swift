import Diffusion
import Foundation
import Networks
import Tensors

/// The networks of a pack that are in memory, and the types that they compute in.
///
/// Each is loaded when it is first needed. Where they do not all fit, the large ones make room for each other: a picture or a text is embedded
/// once, and then sampled from many times.
///
/// In a half type, a network whose weights or results are not finite computes in float32 instead, for as long as the pack is open. bfloat16 would
/// reach as far, but with 8 binary digits where float16 has 11: pictures would be coarser than what was asked for.
final class ResidentNetworks {
    private struct Loaded<Network> {
        let network: Network
        let dataType: DataType
    }

    private let pack: Pack
    private let device: Device
    private let dataType: DataType
    private let residency: Residency
    private let autoencoderFile: SparseAutoencoderFile
    private let remark: (String) -> Void
    /// Those that differ from what was asked for.
    private var dataTypes: [Pack.Part: DataType] = [:]
    private var loadedAutoencoder: Loaded<SparseAutoencoder>
    private var loadedTower: Loaded<ImageTower>?
    private var loadedTextTower: Loaded<TextTower>?
    private var loadedPrior: Loaded<Prior>?
    private var loadedUNet: Loaded<RecordedUNet>?
    private var loadedMoVQ: Loaded<MoVQ>?
    /// The U-Net that was loaded last, as long as some sampling holds it: loaded again beside that it would take the room twice.
    private weak var lentUNet: RecordedUNet?
    private var lentType = DataType.float32

    /// Loads the sparse autoencoder alone.
    /// - Parameter remark: called with a sentence for each network that computes in another type than was asked for.
    init(
        _ pack: Pack, device: Device, dataType: DataType, _ residency: Residency, autoencoderFile: SparseAutoencoderFile,
        each: @escaping (Int) throws -> Void = { _ in }, remark: @escaping (String) -> Void
    ) throws {
        self.pack = pack
        self.device = device
        self.dataType = dataType
        self.residency = residency
        self.autoencoderFile = autoencoderFile
        self.remark = remark
        // Mapped weights are widened as they are used, whatever the others compute in.
        if device == .cpu && !residency.keepsAll { dataTypes[.imageEncoder] = .float32 }
        func load(_ type: DataType) throws -> SparseAutoencoder {
            try autoencoderFile.load(as: type, on: device, each: each)
        }
        let found = try Self.read(as: dataType, load)
        // Products of two directions must fit as well.
        let fits = try found.dataType == .float32 || found.network.norms.squared().to(dataType).isAllFinite()
        loadedAutoencoder = fits ? found : Loaded(network: try load(.float32), dataType: .float32)
        note(.sae, loadedAutoencoder.dataType)
    }

    /// Loads the sparse autoencoder, which always stays, and the networks of pictures if they may stay together.
    /// - Parameter embedsPictures: whether the image tower is one of them; else it is loaded when it is first needed.
    static func open(
        _ pack: Pack, device: Device, dataType: DataType, embedsPictures: Bool, remark: @escaping (String) -> Void,
        _ progress: (WorkProgress) -> Void
    ) throws -> ResidentNetworks {
        // All are opened in any case: a damaged file is told now, not when it is needed.
        let autoencoderFile = try pack.sparseAutoencoderFile()
        try pack.requireFittingAutoencoder(autoencoderFile.width)
        let tower = try pack.weightFile(of: .imageEncoder)
        let others = try [autoencoderFile.file] + [.movq, .unet].map { try pack.weightFile(of: $0) }
        // These are optional, and a fault of theirs is told when a text needs them.
        let textFiles = [Pack.Part.textEncoder, .prior].compactMap { try? pack.weightFile(of: $0) }
        func bytes(_ files: [any WeightFile]) -> Int { files.reduce(0) { $0 + $1.numberCount } * dataType.byteCount }
        let residency = Residency(bytes: bytes(others + [tower]), textBytes: bytes(textFiles), device: device)
        let loaded = residency.keepsAll ? others + (embedsPictures ? [tower] : []) : [autoencoderFile.file]
        return try LoadProgress.follow(loaded.reduce(0) { $0 + $1.byteCount }, progress) { each in
            let networks = try ResidentNetworks(
                pack, device: device, dataType: dataType, residency, autoencoderFile: autoencoderFile, each: each, remark: remark)
            if residency.keepsAll {
                networks.loadedMoVQ = try networks.read(.movq, each, pack.movq)
                if embedsPictures { networks.loadedTower = try networks.read(.imageEncoder, each, networks.loadTower) }
                networks.loadedUNet = try networks.read(.unet, each, networks.recordedUNet)
            }
            return networks
        }
    }

    /// Whether the networks of texts stay in memory.
    var keepsTexts: Bool { residency.keepsTexts }

    /// It always stays.
    var autoencoder: SparseAutoencoder { loadedAutoencoder.network }

    func imageTower() throws -> ImageTower { try imageTower { _ in } }

    func imageTower(_ progress: (WorkProgress) -> Void) throws -> ImageTower {
        if let known = current(loadedTower, .imageEncoder) { return known }
        if !mapsTower { makeRoom() }
        let tower = try load(.imageEncoder, progress, loadTower)
        loadedTower = tower
        return tower.network
    }

    /// Whether the image tower's weights stay in their file, and take no room: where networks would otherwise take turns.
    private var mapsTower: Bool { !residency.keepsAll && device == .cpu }

    private func loadTower(as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void) throws -> ImageTower {
        try pack.imageTower(as: dataType, on: device, mapsLinearWeights: !residency.keepsAll, each: each)
    }

    func unet() throws -> RecordedUNet { try unet { _ in } }

    func unet(_ progress: (WorkProgress) -> Void) throws -> RecordedUNet {
        if let known = current(loadedUNet, .unet) { return known }
        if !mapsTower { makeRoom() }
        forgetEncoder()
        let lent = lentUNet.map { Loaded(network: $0, dataType: lentType) }
        let unet = try lent.flatMap { current($0, .unet) == nil ? nil : $0 } ?? load(.unet, progress, recordedUNet)
        loadedUNet = unet
        (lentUNet, lentType) = (unet.network, unet.dataType)
        return unet.network
    }

    private func recordedUNet(as dataType: DataType, on device: Device, each: @escaping (Int) throws -> Void) throws -> RecordedUNet {
        RecordedUNet(try pack.unet(as: dataType, on: device, each: each))
    }

    func movq() throws -> MoVQ {
        if let known = current(loadedMoVQ, .movq) { return known }
        let movq = try load(.movq, { _ in }, pack.movq)
        loadedMoVQ = movq
        return movq.network
    }

    func textTower() throws -> TextTower { try textTower { _ in } }

    /// It stays only as long as it is held where the networks of texts do not fit beside the others.
    /// - Parameter makesRoom: whether the networks of pictures go for it where they do not all fit.
    func textTower(makesRoom: Bool = true, _ progress: (WorkProgress) -> Void) throws -> TextTower {
        if let known = current(loadedTextTower, .textEncoder) { return known }
        if makesRoom {
            makeRoom()
            forgetEncoder()
        }
        let tower = try load(.textEncoder, progress, pack.textTower)
        if residency.keepsTexts { loadedTextTower = tower }
        return tower.network
    }

    func prior() throws -> Prior { try prior { _ in } }

    /// It stays only as long as it is held where the networks of texts do not fit beside the others.
    func prior(_ progress: (WorkProgress) -> Void) throws -> Prior {
        if let known = current(loadedPrior, .prior) { return known }
        makeRoom()
        forgetEncoder()
        let prior = try load(.prior, progress, pack.prior)
        if residency.keepsTexts { loadedPrior = prior }
        return prior.network
    }

    /// Every feature's activation in embeddings: `[batch, width]` → `[batch, count]`.
    /// - Throws: `SteeringError.notANumber`.
    func activations(of embeddings: Tensor) throws -> Tensor {
        try compute(.sae, "An activation", with: sparseAutoencoder) { try $0.encode(embeddings) }
    }

    /// The embedding `[1, width]` that activations stand for.
    /// - Parameter embedding: the one that they are of, `[1, width]`.
    /// - Throws: `SteeringError.notANumber`.
    func reconstruction(of activations: [Float], _ embedding: Tensor) throws -> Tensor {
        try compute(.sae, "The reconstructed embedding", with: sparseAutoencoder) { try $0.decode(activations, of: embedding) }
    }

    private func sparseAutoencoder() throws -> SparseAutoencoder {
        if let known = current(loadedAutoencoder, .sae) { return known }
        let load: Loading<SparseAutoencoder> = { try self.autoencoderFile.load(as: $0, on: $1, each: $2) }
        loadedAutoencoder = try read(.sae, { _ in }, load)
        return autoencoder
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
}

// MARK: Loading

extension ResidentNetworks {
    private typealias Loading<Network> = (DataType, Device, @escaping (Int) throws -> Void) throws -> Network

    private func dataType(of part: Pack.Part) -> DataType { dataTypes[part] ?? dataType }

    /// The network if it is loaded, in the type in which it computes by now.
    private func current<Network>(_ loaded: Loaded<Network>?, _ part: Pack.Part) -> Network? {
        loaded.flatMap { $0.dataType == dataType(of: part) ? $0.network : nil }
    }

    private func load<Network>(
        _ part: Pack.Part, _ progress: (WorkProgress) -> Void, _ network: @escaping Loading<Network>
    ) throws -> Loaded<Network> {
        let bytes = try pack.weightFile(of: part).byteCount
        return try LoadProgress.follow(bytes, progress) { try read(part, $0, network) }
    }

    private func read<Network>(
        _ part: Pack.Part, _ each: @escaping (Int) throws -> Void, _ network: Loading<Network>
    ) throws -> Loaded<Network> {
        let found = try Self.read(as: dataType(of: part)) { try network($0, device, each) }
        note(part, found.dataType)
        return found
    }

    /// In float32 where the type does not reach as far as a weight does.
    private static func read<Network>(as type: DataType, _ network: (DataType) throws -> Network) throws -> Loaded<Network> {
        do {
            return Loaded(network: try network(type), dataType: type)
        } catch NetworkError.notFinite where type != .float32 {
            return Loaded(network: try network(.float32), dataType: .float32)
        }
    }

    /// Remembers the type of a network, and tells when it has changed.
    private func note(_ part: Pack.Part, _ type: DataType) {
        guard type != dataType(of: part) else { return }
        dataTypes[part] = type
        remark("\(part.rawValue) computes in \(type.rawValue): its numbers are too large for \(dataType.rawValue).")
    }
}

// MARK: Computing

extension ResidentNetworks {
    /// What a network computes, finite.
    /// - Parameter what: the result, as the beginning of a sentence.
    /// - Throws: `SteeringError.notANumber` when it is not finite in float32 either.
    func compute<Network>(
        _ part: Pack.Part, _ what: String, with network: @escaping () throws -> Network, _ body: @escaping (Network) throws -> Tensor
    ) throws -> Tensor {
        let computation = try computation(part, what, network(), again: network) { network in { (_: Void) in try body(network) } }
        let result = try computation(())
        guard try result.isAllFinite() else { throw SteeringError.notANumber(stage: what) }
        return result
    }

    /// Something that a network computes again and again, for instance in every step of sampling.
    ///
    /// It goes over to float32 with the first result that is not finite in a half type, and stays there. In float32 itself nothing is checked:
    /// every check waits for the device.
    /// - Parameters:
    ///   - what: the result, as the beginning of a sentence.
    ///   - again: loads the network in the type that it computes in by then.
    ///   - make: readies the network; called again with the network in float32.
    ///   - tensors: those of a result that must be finite.
    func computation<Network, Input, Output>(
        _ part: Pack.Part, _ what: String, _ network: Network, again: @escaping () throws -> Network,
        _ make: @escaping (Network) throws -> (Input) throws -> Output, checking tensors: @escaping (Output) -> [Tensor]
    ) throws -> (Input) throws -> Output {
        func isFinite(_ result: Output) throws -> Bool { try tensors(result).allSatisfy { try $0.isAllFinite() } }
        var compute = try make(network)
        var isHalf = dataType(of: part) != .float32
        return { [self] input in
            let result = try compute(input)
            if try !isHalf || isFinite(result) { return result }
            let before = dataTypes[part]
            do {
                dataTypes[part] = .float32
                let wide = try make(again())
                let result = try wide(input)
                guard try isFinite(result) else { throw SteeringError.notANumber(stage: what) }
                (compute, isHalf) = (wide, false)
                dataTypes[part] = before
                note(part, .float32)
                return result
            } catch {
                // Another type does not help, or cannot be had.
                dataTypes[part] = before
                throw error
            }
        }
    }

    /// What `body` makes with a network, made again in float32 where numbers that are not finite came out in a half type.
    /// - Parameter body: told how the engine is shared meanwhile: not at all when it is made again, as long as that is a trial.
    func widening<Made>(
        _ part: Pack.Part, on engine: isolated Engine, _ sharing: EngineSharing, _ body: (EngineSharing) async throws -> Made
    ) async throws -> Made {
        let first = dataType(of: part)
        do {
            return try await body(sharing)
        } catch SteeringError.notANumber where first != .float32 {
            let before = dataTypes[part]
            dataTypes[part] = .float32
            let made: Made
            do {
                made = try await body(.exclusive)
            } catch {
                dataTypes[part] = before
                throw error
            }
            dataTypes[part] = before
            note(part, .float32)
            return made
        }
    }

    func computation<Network, Input>(
        _ part: Pack.Part, _ what: String, _ network: Network, again: @escaping () throws -> Network,
        _ make: @escaping (Network) throws -> (Input) throws -> Tensor
    ) throws -> (Input) throws -> Tensor {
        try computation(part, what, network, again: again, make, checking: { [$0] })
    }
}
