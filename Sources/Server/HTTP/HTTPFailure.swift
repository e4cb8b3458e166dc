import Foundation
import Jobs
import NIOHTTP1
import Pictures
import Steering

/// Why a request is not answered as it wished: a status, and one sentence.
struct HTTPFailure: Error {
    let status: HTTPResponseStatus
    let sentence: String

    init(_ status: HTTPResponseStatus, _ sentence: String) {
        self.status = status
        self.sentence = sentence
    }

    /// What an error of the engine or of a route means for the client.
    init(_ error: any Error) {
        switch error {
        case let failure as HTTPFailure: self = failure
        case let error as PictureError: self.init(.unprocessableEntity, error.description)
        case let error as FeatureNameError: self.init(.unprocessableEntity, error.description)
        case let error as SteeringError: self.init(error.isOfRequest ? .unprocessableEntity : .internalServerError, error.description)
        case JobError.full: self.init(.serviceUnavailable, "\(error)")
        case JobError.missing: self.init(.notFound, "\(error)")
        case JobError.alreadyEnded, JobError.notEnded: self.init(.conflict, "\(error)")
        case LibraryError.nameMissing: self.init(.unprocessableEntity, "\(error)")
        case is DecodingError: self.init(.unprocessableEntity, "The JSON is not of the form that is described in /openapi.json.")
        case is CancellationError: self.init(.serviceUnavailable, "The server is stopping.")
        case let error as any (CustomStringConvertible & LocalizedError): self.init(.internalServerError, error.description)
        default: self.init(.internalServerError, "The server could not do this; its log says more.")
        }
    }

    /// As the native interface says it.
    var response: Response {
        let response = (try? Response.json(["error": sentence], status)) ?? Response(status)
        return status == .serviceUnavailable ? response.adding("Retry-After", "2") : response
    }
}

extension SteeringError {
    /// Whether the request is at fault, not the server.
    fileprivate var isOfRequest: Bool {
        switch self {
        case .unreadableRecipe, .unreadableRequest, .unfitRequest, .featureOutOfRange, .outOfRange, .notFinite, .unsuitablePhrase,
            .unsuitableCount, .mismatch, .directionOfAnotherWidth, .packPartMissing:
            true
        default: false
        }
    }
}
