import Foundation
import Pictures
import Steering

/// The feature playground's server: a picture as numbers, and numbers as a picture.
struct ExchangeRoutes: Sendable {
    let service: SteeringService
    let preprocessPlace, generatePlace: String

    /// The most features that are listed at once, each of which may have icons.
    private static let mostFeatures = 1000

    var routes: [Route] {
        [Route(.POST, preprocessPlace, style: .detail, preprocess), Route(.POST, generatePlace, style: .detail, generate)]
    }

    @Sendable private func preprocess(_ request: Request, _ places: [String]) async throws -> Response {
        let form = try Form(request)
        let bytes = try form.file("image")
        let count = try form.integer("n_features", in: 0...Self.mostFeatures) ?? 3
        let icons = try form.boolean("generate_icon") ?? true
        return try await service.admitted {
            let picture = try await service.decoded(bytes)
            return try .json(
                await service.engine.preprocess(
                    picture, features: count, icons: icons, invertSteps: service.pack.invertSteps, sharing: .inTurn))
        }
    }

    @Sendable private func generate(_ request: Request, _ places: [String]) async throws -> Response {
        try request.requireJSON()
        let generate = try GenerateRequest(data: request.body, name: "the body")
        return try await service.admitted {
            let picture = try await service.engine.generate(generate, steps: service.pack.steps, guidance: 1, sharing: .inTurn)
            return try .json(Generated(images: picture.dataURI))
        }
    }
}

/// The fields and files of a multipart body.
struct Form {
    private let parts: [FormPart]

    /// - Throws: `HTTPFailure`.
    init(_ request: Request) throws {
        parts = try Multipart.parts(of: request.body, contentType: request.headers.first(name: "content-type") ?? "")
    }

    /// - Throws: `HTTPFailure` when there is none.
    func file(_ name: String) throws -> Data {
        guard let part = parts.first(where: { $0.name == name }), !part.content.isEmpty else {
            throw HTTPFailure(.unprocessableEntity, "The field \"\(name)\" with a picture is missing.")
        }
        return part.content
    }

    func text(_ name: String) -> String? { parts.first { $0.name == name }?.text }

    func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let part = parts.first(where: { $0.name == name }) else { return nil }
        guard let number = part.text.flatMap({ Int($0.trimmingCharacters(in: .whitespaces)) }), range.contains(number) else {
            throw HTTPFailure(
                .unprocessableEntity, "The field \"\(name)\" must be a whole number between \(range.lowerBound) and \(range.upperBound).")
        }
        return number
    }

    func boolean(_ name: String) throws -> Bool? {
        guard let part = parts.first(where: { $0.name == name }) else { return nil }
        switch part.text?.trimmingCharacters(in: .whitespaces).lowercased() {
        case "true", "1", "yes", "on", "y", "t": return true
        case "false", "0", "no", "off", "n", "f": return false
        default: throw HTTPFailure(.unprocessableEntity, "The field \"\(name)\" must be true or false.")
        }
    }
}

extension Request {
    /// - Throws: `HTTPFailure` for a body of another type.
    func requireJSON() throws {
        guard contentType == "application/json" else { throw HTTPFailure(.unsupportedMediaType, "The body must be application/json.") }
    }
}
