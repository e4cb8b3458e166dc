import Foundation
import Jobs
import NIOHTTP1
import Steering

/// The queue of jobs: work that goes on when its client leaves, and after a restart.
struct JobRoutes: Sendable {
    let queue: JobQueue
    let service: SteeringService

    /// How often a client that waits for an event hears that the server is still there.
    private static let heartbeat = Duration.seconds(15)
    private static let mostListed = 200

    var routes: [Route] {
        [
            Route(.GET, "/v1/jobs") { [queue] _, _ in try .json(["jobs": queue.jobs(limit: Self.mostListed)]) },
            Route(.POST, "/v1/jobs", add),
            Route(.GET, "/v1/jobs/{id}") { request, places in try .json(job(places[0])) },
            Route(.DELETE, "/v1/jobs/{id}") { request, places in try .json(queue.cancel(job(places[0]).id)) },
            Route(.POST, "/v1/jobs/{id}/retry") { request, places in try .json(queue.retry(job(places[0]).id), .accepted) },
            Route(.GET, "/v1/jobs/{id}/events", events),
            Route(.GET, "/v1/jobs/{id}/result", result),
        ]
    }

    private func job(_ text: String) throws -> Job {
        guard let id = Int64(text), let job = try? queue.job(id) else { throw HTTPFailure(.notFound, "There is no job of this number.") }
        return job
    }

    /// Queues a render; its recipe has the edits as they are meant now.
    @Sendable private func add(_ request: Request, _ places: [String]) async throws -> Response {
        try request.requireJSON()
        let body = try RenderBody(request.body)
        let recipe = try await service.recipe(body)
        let size: RenderRequest.Size = body.size == .model ? .model : .original
        let file = try body.picture.map { id in
            guard let file = service.store.file(ofUpload: id) else { throw HTTPFailure.unknownPicture }
            return file.path
        }
        let job = try queue.add(.render(RenderJob(pack: service.pack.path, picture: file, recipe: recipe, size: size)))
        return try .json(job, .accepted).adding("Location", "/v1/jobs/\(job.id)")
    }

    /// What has happened to a job after the event that the client has seen last, and then what happens, until the job has ended.
    @Sendable private func events(_ request: Request, _ places: [String]) async throws -> Response {
        let id = try job(places[0]).id
        let fields = [request.headers.first(name: "last-event-id"), request.query["last_event_id"]].compactMap(\.self)
        let numbers = try fields.map { field in
            guard let number = Int64(field), number >= 0 else {
                throw HTTPFailure(.unprocessableEntity, "Last-Event-ID must be the number of an event, or 0.")
            }
            return number
        }
        let last = numbers.first ?? 0
        return .events(isEndless: true) { [queue] writer in
            var last = last
            while true {
                let found = try await queue.nextEvents(after: last, of: id, limit: 100, timeout: Self.heartbeat)
                if found.isEmpty {
                    // What has ended has no more events.
                    if try queue.job(id).state.isFinal { return }
                    try await writer.heartbeat()
                }
                for event in found {
                    try await writer.event(event.kind.rawValue, id: Int(event.number), event)
                    last = event.number
                }
                if try found.last?.kind.isFinal == true && queue.job(id).state.isFinal { return }
            }
        }
    }

    /// The picture that a job has made in the queue's folder; files that a command was to write elsewhere are not the server's.
    @Sendable private func result(_ request: Request, _ places: [String]) async throws -> Response {
        let job = try job(places[0])
        guard job.state == .completed, let bytes = FileManager.default.contents(atPath: queue.resultFile(of: job).path) else {
            throw HTTPFailure(.notFound, "The job has no picture here, or not yet.")
        }
        return Response(type: "image/png", bytes)
    }
}
