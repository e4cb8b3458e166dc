import Dispatch
import Foundation
import Networks
import Pictures
import Synchronization
import Tensors

/// Everything that libtorch does for the program, on one thread of its own.
///
/// Calls wait for each other, some of them for a step only: see `EngineSharing`. A call whose task is cancelled ends with `CancellationError` between
/// two steps.
public actor Engine {
    nonisolated let thread: EngineThread
    private let threads: Int?
    nonisolated let log: @Sendable (String) -> Void
    private var pipeline: Pipeline?
    /// The one used last at the end.
    private var analyses: [(id: AnalysisID, analysis: Analysis)] = []
    private var nextNumber = 0
    /// The picture that is inverted while nothing else is asked for, and the number of steps for which.
    private(set) var ahead: (id: AnalysisID, steps: Int, task: Task<Void, Never>)?
    private let openLibrary = OpenLibrary()

    /// How many analysed pictures are held at a time; a newer one takes the place of the one that has not been used for longest.
    public static let capacity = 8

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - threads: how many threads one operation uses; nil takes what suits the pack.
    ///   - log: called with what a log should say of the requests that are answered.
    public init(threads: Int? = nil, log: @escaping @Sendable (String) -> Void = { _ in }) {
        thread = EngineThread(name: "engine")
        self.threads = threads
        self.log = log
    }

    deinit {
        thread.stop()
    }

    /// What a log should say of how this process computes; nil when all is as it should be.
    public static var remark: String? {
        let remarks = [
            CapturedGraph.failure.map { "CUDA graphs are off, so that pictures take longer: \($0)" },
            Libtorch.kernelFailure.map { "Fader's own kernels are off, so that pictures take longer: \($0)" },
        ].compactMap(\.self)
        return remarks.isEmpty ? nil : remarks.joined(separator: "; ")
    }

    /// Loads a pack, in place of the one that was open.
    /// - Parameters:
    ///   - device: `auto`, `cpu` or `cuda:N`.
    ///   - dataType: `auto`, `float32`, `bfloat16` or `float16`.
    ///   - embedsPictures: whether what embeds pictures is loaded now; else when it is first needed, which may be never.
    ///   - remark: called with a sentence for each network that computes in another type than was asked for: now, or later when it turns out.
    ///   - folder: the folder of the pack.
    ///   - progress: called with how far it is.
    public func open(
        _ folder: URL, device: String = "auto", dataType: String = "auto", embedsPictures: Bool = true,
        progress: @Sendable (WorkProgress) -> Void = { _ in },
        remark: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> PackSummary {
        pipeline = nil
        analyses = []
        ahead = nil
        let pack = try Pack(folder)
        // For a pack that has not been seen before this takes as long as reading all of it.
        let fingerprint = Concurrently { try pack.fingerprint() }
        let placement = try prepareThread(for: pack, device: device, dataType: dataType)
        let opened = try Tensor.inference {
            try Pipeline(
                pack, device: placement.device, dataType: placement.dataType, embedsPictures: embedsPictures, remark: remark, progress)
        }
        pipeline = opened
        openLibrary.use(pack)
        return try summary(opened, fingerprint: fingerprint.value())
    }

    /// The feature library of the open pack, which any thread may use while the engine computes.
    /// - Throws: `SteeringError.noPack`, or `LibraryError` when it cannot be used.
    public nonisolated func library() throws -> FeatureLibrary { try openLibrary.library() }

    /// Decides where a pack is computed, and readies the engine's thread for it.
    func prepareThread(for pack: Pack, device: String, dataType: String) throws -> Placement {
        // libtorch heeds the number only until a thread's first operation, and how fast types are depends on it.
        if let count = threads ?? pack.suggestedThreads { try Libtorch.setThreads(count) }
        let placement = try Placement(of: pack, device: device, dataType: dataType)
        Libtorch.useFullFloat32()
        Libtorch.prepareKernels(for: placement.dataType, on: placement.device)
        return placement
    }

    /// Finds the features of a picture.
    public func analyse(_ picture: Picture, progress: @Sendable (WorkProgress) -> Void = { _ in }) throws -> AnalysisSummary {
        stopInvertingAhead()
        return try working { pipeline in
            try pipeline.prepareEmbedding(progress)
            progress(WorkProgress(.embedding, step: 0, count: 1))
            let analysis = try pipeline.analysed(picture)
            let id = AnalysisID(nextNumber)
            nextNumber += 1
            analyses.append((id, analysis))
            if analyses.count > Self.capacity { analyses.removeFirst() }
            progress(WorkProgress(.embedding, step: 1, count: 1))
            let longer = max(picture.width, picture.height)
            let shorter = min(picture.width, picture.height)
            return AnalysisSummary(
                id: id, picture: analysis.picture, features: try pipeline.features(of: analysis), isCropped: longer * 20 > shorter * 21,
                reconstruction: analysis.reconstruction)
        }
    }

    /// Makes room for another picture; the engine lets go of the one used longest ago by itself, but not of one that is still waited for.
    public func release(_ id: AnalysisID) { analyses.removeAll { $0.id == id } }

    /// The features of a picture that will not be made anew: nothing of it is held.
    public func features(of picture: Picture) throws -> [Feature] {
        try working { pipeline in
            try pipeline.prepareEmbedding { _ in }
            return try pipeline.features(of: pipeline.analysed(picture))
        }
    }

    /// Every feature's activation in a picture that was analysed.
    public func activations(_ id: AnalysisID) throws -> [Float] { try analysis(id).activations }

    /// The pack that is open, for work that goes on with it even when another is opened meanwhile.
    func opened() throws -> Pipeline {
        guard let pipeline else { throw SteeringError.noPack }
        return pipeline
    }

    /// Runs `body` in inference mode: one step of some work, or all of it.
    func computing<Result>(_ body: () throws -> Result) throws -> Result {
        try Task.checkCancellation()
        return try Tensor.inference(body)
    }

    /// Runs `body` with the open pack in inference mode.
    func working<Result>(_ body: (Pipeline) throws -> Result) throws -> Result {
        let pipeline = try opened()
        return try computing { try body(pipeline) }
    }

    /// Inverts a picture step by step in what time other calls leave, until something else is made; what is done stays with the picture.
    func invertAhead(_ id: AnalysisID, steps: Int) {
        let task = Task { [weak self] in
            while await self?.inversionGoesOn(id, steps: steps) == true {}
        }
        ahead = (id, steps, task)
    }

    /// Ends inverting ahead after the step that is being computed.
    func stopInvertingAhead() { ahead = nil }

    private func inversionGoesOn(_ id: AnalysisID, steps: Int) -> Bool {
        guard let ahead, ahead.id == id, ahead.steps == steps, let analysis = analyses.first(where: { $0.id == id })?.analysis else {
            return false
        }
        // A failure is told when the picture is made.
        return (try? working { pipeline in try analysis.exactInversion(pipeline).advance(steps: steps, pipeline) }) ?? false
    }

    func analysis(_ id: AnalysisID) throws -> Analysis {
        guard let place = analyses.firstIndex(where: { $0.id == id }) else { throw SteeringError.unknownAnalysis }
        let used = analyses.remove(at: place)
        analyses.append(used)
        return used.analysis
    }

    private func summary(_ pipeline: Pipeline, fingerprint: String) throws -> PackSummary {
        let description = pipeline.pack.description
        let size = pipeline.pictureSize
        return PackSummary(
            name: pipeline.pack.name, path: pipeline.pack.folder.path, fingerprint: fingerprint,
            featureCount: pipeline.autoencoder.count, width: size.width, height: size.height,
            steps: description.steps ?? PackSummary.usualSteps, invertSteps: pipeline.inversionSteps,
            previewSteps: description.previewSteps ?? 4, device: pipeline.device.description,
            dataType: pipeline.dataType.rawValue, formerFingerprint: pipeline.pack.formerFingerprint())
    }
}

/// The library of the pack that is open, opened when it is first asked for.
private final class OpenLibrary: Sendable {
    private struct Contents {
        var pack: Pack?
        var library: FeatureLibrary?
    }

    private let contents = Mutex(Contents())

    func use(_ pack: Pack) { contents.withLock { $0 = Contents(pack: pack) } }

    func library() throws -> FeatureLibrary {
        try contents.withLock { contents in
            if let library = contents.library { return library }
            guard let pack = contents.pack else { throw SteeringError.noPack }
            let library = try FeatureLibrary(of: pack)
            contents.library = library
            return library
        }
    }
}

/// Something that another thread computes meanwhile.
private final class Concurrently<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    init(_ compute: @escaping @Sendable () throws -> Value) {
        DispatchQueue.global(qos: .utility).async { [self] in
            let computed = Result(catching: compute)
            result.withLock { $0 = computed }
            done.signal()
        }
    }

    /// The value, waited for.
    /// - Throws: what computing it threw.
    func value() throws -> Value {
        done.wait()
        defer { done.signal() }
        guard let found = result.withLock(\.self) else { throw CancellationError() }
        return try found.get()
    }
}
