import Foundation
import Networks
import Pictures
import Tensors

extension Engine {
    /// Builds a pack's library, or resumes a build that was cut off; only what it takes of the pack is loaded.
    ///
    /// Features, their order, labels and everything that the user has made stay as they are.
    /// - Parameters:
    ///   - remark: called with a sentence for each network that computes in another type than was asked for.
    ///   - library: the library to build.
    ///   - pack: the pack that it is of.
    ///   - request: what it is built from.
    ///   - device: `auto`, `cpu` or `cuda:N`.
    ///   - dataType: `auto`, `float32`, `bfloat16` or `float16`.
    ///   - progress: called with how far it is.
    /// - Throws: `LibraryError`; `CancellationError` after what has been counted is saved.
    public func build(
        _ library: FeatureLibrary, of pack: Pack, _ request: LibraryBuildRequest, device: String = "auto", dataType: String = "auto",
        progress: @Sendable (WorkProgress) -> Void = { _ in }, remark: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> LibraryBuildSummary {
        let placement = try prepareThread(for: pack, device: device, dataType: dataType)
        return try Tensor.inference {
            // The image tower and the autoencoder need not make room for anything else.
            let networks = try ResidentNetworks(
                pack, device: placement.device, dataType: placement.dataType, Residency(bytes: 0, textBytes: 0, device: placement.device),
                autoencoderFile: pack.sparseAutoencoderFile(), remark: remark)
            let material: any PictureMaterial =
                switch request.source {
                case .pictures(let folder):
                    try PictureFolder(folder, PictureTower(pack, networks, on: placement.device))
                case .embeddings(let file): try EmbeddingFile(file, width: networks.autoencoder.width, device: placement.device)
                }
            return try LibraryBuild(library: library, networks: networks, material: material, request: request).run(progress)
        }
    }

    /// What a feature does, from the library, or made now and saved there.
    ///
    /// The template is the pack's, or else that of the icons which the library has, or else `fallback`.
    /// - Throws: `SteeringError.featureOutOfRange`; `CancellationError` between two steps.
    public func icon(
        of feature: Int, in library: FeatureLibrary, fallback: Picture? = nil, progress: @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> FeatureIcon {
        try library.require(feature)
        let icons = try working { try $0.icons(fallback: fallback, in: library) }
        return try await icons.icon(of: feature, on: self, .exclusive, progress)
    }

    /// Makes and saves an icon of each feature that is active in some picture, or of all where that is not known.
    /// - Parameters:
    ///   - library: where they are saved.
    ///   - fallback: the template where the pack and the library have none.
    ///   - progress: called with how many icons are done.
    /// - Returns: how many icons there are.
    /// - Throws: `SteeringError.mismatch` when there is no template; `CancellationError` between two icons.
    public func makeIcons(
        in library: FeatureLibrary, fallback: Picture? = nil, progress: @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> Int {
        let features = try library.activeFeatures()
        for (place, feature) in features.enumerated() {
            try Task.checkCancellation()
            progress(WorkProgress(.rendering, step: place, count: features.count))
            _ = try await icon(of: feature, in: library, fallback: fallback)
        }
        return features.count
    }

    /// The features whose directions are closest to that of one, with their cosines, closest first; the feature itself is not among them.
    /// - Throws: `SteeringError.featureOutOfRange`.
    public func features(like feature: Int, count: Int) throws -> [FeatureMatch] {
        try working { pipeline in
            guard (0..<pipeline.autoencoder.count).contains(feature) else {
                throw SteeringError.featureOutOfRange(feature, count: pipeline.autoencoder.count)
            }
            let direction = try pipeline.autoencoder.directions.narrowed(0, from: feature, length: 1).to(.float32)
            let nearest = try DirectionIndex(pipeline.autoencoder, isCentred: false).nearest(to: direction, count: count + 1)
            return Array(nearest.filter { $0.feature != feature }.prefix(count))
        }
    }

    /// Labels features by the phrases whose directions lie nearest to theirs; labels of the user and of the pack stay.
    /// - Parameters:
    ///   - library: whose features are labelled.
    ///   - vocabulary: the phrases.
    ///   - threshold: the cosine below which a feature is unclear; nil means what one in twenty random directions reaches.
    ///   - progress: called with how many phrases have been embedded.
    /// - Throws: `SteeringError.packPartMissing` when the pack has no text tower.
    public func label(
        _ library: FeatureLibrary, by vocabulary: LabelVocabulary, threshold: Float? = nil,
        progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }
    ) throws -> LabellingSummary {
        try working { pipeline in
            let phrases = vocabulary.phrases
            let vectors = try TextEmbedder(pipeline, progress).directions(among: phrases)
            let found = try AutomaticLabels.nearest(phrases, vectors, DirectionIndex(pipeline.autoencoder, isCentred: true))
            let least = threshold ?? AutomaticLabels.threshold(width: pipeline.autoencoder.width, phrases: phrases.count)
            let (labelled, unclear) = try library.save(found, threshold: least)
            return LabellingSummary(
                labelled: labelled, unclear: unclear, threshold: least,
                agreement: AutomaticLabels.agreement(found, with: try library.packLabels(), of: phrases))
        }
    }

    /// The features that lie nearest to what a phrase means: by their own directions, and by their strongest pictures.
    /// - Throws: `SteeringError.packPartMissing` when the pack has no text tower, `SteeringError.mismatch` when the phrase has no letters.
    public func features(
        meaning phrase: String, in library: FeatureLibrary, count: Int, progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }
    ) throws -> MeaningMatches {
        try working { pipeline in
            guard let phrase = LabelText.tidied(phrase), phrase.contains(where: \.isLetter) else {
                throw SteeringError.mismatch("A phrase to search by needs letters.")
            }
            let direction = try TextEmbedder(pipeline, progress).direction(of: phrase)
            let index = try DirectionIndex(pipeline.autoencoder, isCentred: true)
            return MeaningMatches(
                byDirection: try index.nearest(to: direction, count: count),
                byPictures: try library.features(withPicturesAlong: direction.unit().floats(), count: count))
        }
    }
}
