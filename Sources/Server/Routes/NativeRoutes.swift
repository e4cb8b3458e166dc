import Foundation
import NIOHTTP1
import Pictures
import Steering

/// Fader's own interface, as `/openapi.json` describes it.
struct NativeRoutes: Sendable {
    let service: SteeringService

    private static let mostFeatures = 1000

    var routes: [Route] {
        [
            Route(.GET, "/v1/packs") { [pack = service.pack] _, _ in try .json(["packs": [PackRow(pack)]]) },
            Route(.POST, "/v1/pictures", upload),
            Route(.GET, "/v1/pictures/{id}", picture),
            Route(.GET, "/v1/pictures/{id}/features", featuresOfPicture),
            Route(.GET, "/v1/features", features),
            Route(.GET, "/v1/features/{index}", feature),
            Route(.GET, "/v1/directions", directions),
            Route(.POST, "/v1/renders", render),
            Route(.GET, "/v1/results/{name}", result),
            Route(.GET, "/openapi.json") { _, _ in Response(type: "application/json", Data(PackageResources.openapi_json)) },
            Route(.GET, "/") { _, _ in
                Response(type: "text/html; charset=UTF-8", Data(PackageResources.index_html))
                    .adding("Content-Security-Policy", Self.pagePolicy)
            },
        ]
    }

    /// The page has no parts from elsewhere, and stands in no other page's frame.
    private static let pagePolicy =
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    // MARK: Pictures

    private struct Uploaded: Encodable {
        let id: String
        let width, height, bytes: Int
    }

    @Sendable private func upload(_ request: Request, _ places: [String]) async throws -> Response {
        let bytes: Data
        if request.contentType == "multipart/form-data" {
            bytes = try Form(request).file("image")
        } else if request.contentType.hasPrefix("image/") || request.contentType == "application/octet-stream" {
            bytes = request.body
        } else {
            throw HTTPFailure(.unsupportedMediaType, "The body must be an image, or multipart/form-data with the field \"image\".")
        }
        // What is no picture is not kept.
        let picture = try await service.decoded(bytes)
        let (id, isNew) = try service.store.add(bytes)
        return try .json(
            Uploaded(id: id, width: picture.width, height: picture.height, bytes: bytes.count), isNew ? .created : .ok
        ).adding("Location", "/v1/pictures/\(id)")
    }

    @Sendable private func picture(_ request: Request, _ places: [String]) async throws -> Response {
        guard let bytes = service.store.upload(places[0]) else { throw HTTPFailure(.notFound, "There is no picture of this hash.") }
        return Response(type: Self.mediaType(of: bytes), bytes)
    }

    /// By the first bytes, as the readers of pictures go by them.
    private static func mediaType(of bytes: Data) -> String {
        switch bytes.first {
        case 0x89: "image/png"
        case 0xFF: "image/jpeg"
        case UInt8(ascii: "R"): "image/webp"
        default: "application/octet-stream"
        }
    }

    private struct FeatureRow: Encodable {
        let index: Int
        let label: String?
        let activation, norm, effect, share: Float
        let maximum: Float?
    }

    private struct Features: Encodable {
        let features: [FeatureRow]
        let count: Int
        let reconstruction: Reconstruction?
    }

    @Sendable private func featuresOfPicture(_ request: Request, _ places: [String]) async throws -> Response {
        let count = try request.integer("count", in: 1...Self.mostFeatures) ?? 20
        let analysis = try await service.admitted { try await service.analysis(of: places[0]) }
        let total = analysis.features.reduce(0) { $0 + $1.effect }
        let rows = analysis.features.prefix(count).map { feature in
            FeatureRow(
                index: feature.index, label: feature.label, activation: feature.activation, norm: feature.norm, effect: feature.effect,
                share: total > 0 ? feature.effect / total : 0, maximum: feature.maximum)
        }
        return try .json(Features(features: rows, count: analysis.features.count, reconstruction: analysis.reconstruction))
    }

    // MARK: The library

    private struct ListedRow: Encodable {
        let index: Int
        let label: String?
        let density, maximum, norm, score: Float?

        init(_ feature: ListedFeature) {
            index = feature.index
            label = feature.label
            (density, maximum, norm, score) = (feature.density, feature.maximum, feature.norm, feature.score)
        }
    }

    private struct Page: Encodable {
        let features: [ListedRow]
        let count, page: Int
    }

    @Sendable private func features(_ request: Request, _ places: [String]) async throws -> Response {
        var query = FeatureQuery(text: String((request.query["text"] ?? "").prefix(200)))
        if let order = request.query["order"] {
            guard let known = FeatureQuery.Order(rawValue: order) else {
                let orders = FeatureQuery.Order.allCases.map(\.rawValue).joined(separator: ", ")
                throw HTTPFailure(.unprocessableEntity, "\"order\" must be one of \(orders).")
            }
            query.order = known
        }
        query.page = try request.integer("page", in: 0...1_000_000) ?? 0
        query.feature = try request.integer("feature", in: 0...service.pack.featureCount - 1)
        guard query.order != .likeness || query.feature != nil else {
            throw HTTPFailure(.unprocessableEntity, "The order \"likeness\" needs a \"feature\".")
        }
        let asked = query
        let answer = try await service.admitted { try await service.engine.answer(.list(asked), progress: { _ in }, remark: { _ in }) }
        guard case .listed(_, let page) = answer else { throw HTTPFailure(.internalServerError, "The library gave no list.") }
        return try .json(Page(features: page.features.map(ListedRow.init), count: page.count, page: query.page))
    }

    @Sendable private func feature(_ request: Request, _ places: [String]) async throws -> Response {
        guard let index = Int(places[0]), (0..<service.pack.featureCount).contains(index) else {
            throw HTTPFailure(.notFound, "The pack has features 0 to \(service.pack.featureCount - 1).")
        }
        guard let found = try service.engine.library().features([index]).first else {
            throw HTTPFailure(.notFound, "The library does not know this feature.")
        }
        return try .json(
            ListedRow(
                ListedFeature(
                    index: found.index, label: found.label, density: found.density, maximum: found.maximum, norm: found.norm)))
    }

    private struct DirectionRow: Encodable {
        let name: String
        let from, to: String?
    }

    @Sendable private func directions(_ request: Request, _ places: [String]) async throws -> Response {
        let rows = try service.engine.library().directions().map {
            DirectionRow(name: $0.name, from: $0.definition?.from, to: $0.definition?.to)
        }
        return try .json(["directions": rows])
    }

    // MARK: Renders

    private struct Rendered: Encodable {
        let result, url: String
        let width, height: Int
        let seconds: Double
    }

    private struct Step: Encodable {
        let stage: String
        let step, steps: Int
        let preview: String?

        init(_ progress: WorkProgress) {
            (stage, step, steps) = (progress.stage.rawValue, progress.step, progress.count)
            preview = progress.preview.flatMap { try? $0.dataURI }
        }
    }

    @Sendable private func render(_ request: Request, _ places: [String]) async throws -> Response {
        try request.requireJSON()
        let body = try RenderBody(request.body)
        guard request.headers["accept"].contains(where: { $0.contains("text/event-stream") }) else {
            return try .json(await service.admitted { try await rendered(body) { _ in } })
        }
        return .events(isEndless: false) { writer in
            // A client that reads slowly misses steps; the engine does not wait for it.
            let (steps, continuation) = AsyncStream.makeStream(of: WorkProgress.self, bufferingPolicy: .bufferingNewest(4))
            try await withThrowingTaskGroup(of: Result<Rendered, HTTPFailure>.self) { group in
                group.addTask {
                    defer { continuation.finish() }
                    do {
                        return .success(try await service.admitted { try await rendered(body, previews: true) { continuation.yield($0) } })
                    } catch {
                        return .failure(HTTPFailure(error))
                    }
                }
                for await step in steps { try await writer.event("progress", Step(step)) }
                switch try await group.next() {
                case .success(let rendered): try await writer.event("completed", rendered)
                case .failure(let failure): try await writer.event("failed", ["error": failure.sentence])
                case nil: break
                }
            }
        }
    }

    private func rendered(
        _ body: RenderBody, previews: Bool = false, progress: @escaping @Sendable (WorkProgress) -> Void
    ) async throws -> Rendered {
        let start = ContinuousClock.now
        let recipe = try await service.recipe(body, progress: progress)
        let picture = try await service.render(recipe, size: body.size?.size ?? .original, previews: previews, progress: progress)
        let format = body.format ?? .png
        let data = try picture.encoded(as: format.format, text: format == .png ? [recipe.pngText] : [])
        let name = PictureStore.newName(format.rawValue)
        try service.store.add(result: data, as: name)
        return Rendered(
            result: name, url: "/v1/results/\(name)", width: picture.width, height: picture.height,
            seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    @Sendable private func result(_ request: Request, _ places: [String]) async throws -> Response {
        guard let bytes = service.store.result(places[0]) else { throw HTTPFailure(.notFound, "There is no result of this name.") }
        return Response(type: Self.mediaType(of: bytes), bytes)
    }
}

/// A pack as it is listed.
private struct PackRow: Encodable {
    let name, fingerprint, device, dataType: String
    let featureCount, width, height, steps, previewSteps: Int

    init(_ pack: PackSummary) {
        (name, fingerprint, device, dataType) = (pack.name, pack.fingerprint, pack.device, pack.dataType)
        (featureCount, width, height, steps, previewSteps) = (pack.featureCount, pack.width, pack.height, pack.steps, pack.previewSteps)
    }
}

extension Request {
    /// - Throws: `HTTPFailure` unless the parameter is missing or a number in the range.
    func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw HTTPFailure(
                .unprocessableEntity, "\"\(name)\" must be a whole number between \(range.lowerBound) and \(range.upperBound).")
        }
        return number
    }
}
