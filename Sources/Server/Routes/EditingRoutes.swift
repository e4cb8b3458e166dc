import Foundation
import Jobs
import Steering

/// The text-editing server: a picture is edited towards a prompt by a job of the queue, while events tell how far it is.
struct EditingRoutes: Sendable {
    /// Where the edited picture will be, and the picture as the pack restores it without an edit.
    struct Paths: Sendable, Encodable {
        let image, restored: String

        private enum CodingKeys: String, CodingKey {
            case image = "image_path"
            case restored = "restored_path"
        }
    }

    private struct Progress: Encodable { let step, steps: Int }

    /// In characters.
    private static let longestPrompt = 500
    /// How far a prompt moves the picture, and how many pairs of texts its direction is the mean of.
    private static let amount: Float = 0.3
    private static let textCount = 200
    /// Of a client's id, in characters; its own have 32.
    private static let longestClient = 100

    let queue: JobQueue
    let service: SteeringService
    let hub: SocketHub
    let log: @Sendable (String) -> Void

    var routes: [Route] {
        [
            Route(.GET, "/mappers", style: .editing) { _, _ in try .json([String]()) },
            Route(.POST, "/edit", style: .editing, edit),
            Route(.GET, "/image/{path}", style: .editing, picture), Route(.GET, "/images/{path}", style: .editing, picture),
            Route(.GET, "/ws/socket.io", style: .editing) { [hub] request, _ in await hub.response(to: request) },
            Route(.POST, "/ws/socket.io", style: .editing) { [hub] request, _ in await hub.response(to: request) },
        ]
    }

    @Sendable private func edit(_ request: Request, _ places: [String]) async throws -> Response {
        let form = try Form(request)
        let bytes = try form.file("image")
        let prompt = (request.query["prompt"] ?? form.text("prompt"))?.trimmingCharacters(in: .whitespaces)
        guard let prompt, !prompt.isEmpty else {
            if let mapper = request.query["mapper"] ?? form.text("mapper") {
                throw HTTPFailure(
                    .unprocessableEntity, "There is no mapper \"\(mapper.prefix(100))\"; GET /mappers lists those that there are.")
            }
            throw HTTPFailure(.badRequest, "Give a prompt or a mapper.")
        }
        guard prompt.count <= Self.longestPrompt, prompt.contains(where: \.isLetter) else {
            throw HTTPFailure(.unprocessableEntity, "A prompt has letters, and at most \(Self.longestPrompt) characters.")
        }
        // What is no picture is told at once; what waits, waits on the disk.
        _ = try await service.decoded(bytes)
        let id = try service.store.add(bytes).id
        guard let picture = service.store.file(ofUpload: id) else { throw HTTPFailure.unknownPicture }
        let paths = Paths(image: PictureStore.newName(), restored: PictureStore.newName())
        let job = EditJob(
            pack: service.pack.path, picture: picture.path, prompt: prompt, amount: Self.amount, textCount: Self.textCount,
            edited: service.store.file(ofResult: paths.image).path, restored: service.store.file(ofResult: paths.restored).path,
            client: (request.query["sid"] ?? form.text("sid")).map { String($0.prefix(Self.longestClient)) })
        try queue.add(.edit(job))
        return try .json(paths)
    }

    @Sendable private func picture(_ request: Request, _ places: [String]) async throws -> Response {
        guard let bytes = service.store.result(places[0]) else { throw HTTPFailure(.notFound, "There is no such picture, or not yet.") }
        return Response(type: "image/png", bytes)
    }

    // MARK: Events

    /// Tells clients what becomes of their edits, whichever program makes them, until the task is cancelled.
    /// - Parameter last: the number of the last event before any of these edits.
    func tellClients(after last: Int64) async {
        var last = last
        var edits: [Int64: EditJob?] = [:]
        while !Task.isCancelled {
            do {
                for event in try await queue.nextEvents(after: last, timeout: .seconds(60)) {
                    last = event.number
                    if edits[event.job] == nil { edits.updateValue(edit(of: event.job), forKey: event.job) }
                    if let edit = edits[event.job] ?? nil { tell(event, of: edit) }
                    if event.kind.isFinal { edits[event.job] = nil }
                }
            } catch {
                if Task.isCancelled { return }
                log("clients cannot be told of their edits: \(error)")
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// What a job edits; nil for a job of another kind.
    private func edit(of job: Int64) -> EditJob? {
        if case .edit(let edit) = try? queue.job(job).request() { edit } else { nil }
    }

    private func tell(_ event: JobEvent, of edit: EditJob) {
        guard let client = edit.client else { return }
        switch event.kind {
        case .progress:
            guard event.stage == WorkProgress.Stage.rendering.rawValue, let step = event.step, let steps = event.steps,
                step > 0, step % EditJob.reportedSteps == 0 || step == steps
            else { return }
            hub.emit("image_processing", Progress(step: step, steps: steps), to: client)
        case .completed: hub.emit("image_edited", Paths(edit), to: client)
        case .failed: hub.emit("image_edit_error", ["error": event.reason ?? "The picture could not be edited."], to: client)
        case .cancelled: hub.emit("image_edit_error", ["error": "The edit was cancelled."], to: client)
        case .queued, .started, .preview: break
        }
    }
}

extension EditingRoutes.Paths {
    fileprivate init(_ edit: EditJob) {
        image = URL(fileURLWithPath: edit.edited).lastPathComponent
        restored = URL(fileURLWithPath: edit.restored).lastPathComponent
    }
}
