import Foundation
import Steering
import Synchronization

/// The text-editing server: a picture is edited towards a prompt, in the background, while events tell how far it is.
final class EditingRoutes: Sendable {
    private struct Edit: Sendable {
        /// The hash under which it is stored.
        let picture: String
        let prompt: String
        /// Who is told; nil for nobody.
        let client: String?
        let paths: Paths
    }

    /// Where the edited picture will be, and the picture as the pack restores it without an edit.
    struct Paths: Sendable, Encodable {
        let image, restored: String

        private enum CodingKeys: String, CodingKey {
            case image = "image_path"
            case restored = "restored_path"
        }
    }

    private struct Progress: Encodable { let step, steps: Int }

    /// How many edits may wait.
    private static let capacity = 100
    /// In characters.
    private static let longestPrompt = 500
    /// How far a prompt moves the picture, and how many pairs of texts its direction is the mean of.
    private static let amount: Float = 0.3
    private static let textCount = 200
    /// Clients hear of every tenth step.
    private static let reportedSteps = 10

    private let service: SteeringService
    private let hub: SocketHub
    private let edits: AsyncStream<Edit>
    private let queue: AsyncStream<Edit>.Continuation
    private let log: @Sendable (String) -> Void

    init(_ service: SteeringService, _ hub: SocketHub, log: @escaping @Sendable (String) -> Void) {
        self.service = service
        self.hub = hub
        self.log = log
        (edits, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.capacity))
    }

    var routes: [Route] {
        [
            Route(.GET, "/mappers", style: .editing) { _, _ in try .json([String]()) },
            Route(.POST, "/edit", style: .editing, edit),
            Route(.GET, "/image/{path}", style: .editing, picture), Route(.GET, "/images/{path}", style: .editing, picture),
            Route(.GET, "/ws/socket.io", style: .editing) { [hub] request, _ in await hub.response(to: request) },
            Route(.POST, "/ws/socket.io", style: .editing) { [hub] request, _ in await hub.response(to: request) },
        ]
    }

    /// Makes the edits one after the other, until the task is cancelled.
    func run() async {
        for await edit in edits {
            do {
                try await make(edit)
                hub.emit("image_edited", edit.paths, to: edit.client)
            } catch {
                let failure = HTTPFailure(error)
                log("an edit failed: \(failure.sentence)")
                hub.emit("image_edit_error", ["error": failure.sentence], to: edit.client)
            }
            if Task.isCancelled { return }
        }
    }

    private func edit(_ request: Request, _ places: [String]) async throws -> Response {
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
        let edit = Edit(
            picture: try service.store.add(bytes).id, prompt: prompt, client: request.query["sid"] ?? form.text("sid"),
            paths: Paths(image: PictureStore.newName(), restored: PictureStore.newName()))
        guard case .enqueued = queue.yield(edit) else {
            throw HTTPFailure(.serviceUnavailable, "\(Self.capacity) edits are waiting already; try again when some are done.")
        }
        return try .json(edit.paths)
    }

    private func make(_ edit: Edit) async throws {
        let definition = Direction.Definition(to: edit.prompt, count: Self.textCount, seed: 0)
        let direction = try await service.engine.direction(definition, named: edit.prompt)
        var stack = EditStack()
        stack.append(direction: direction, value: Self.amount)
        let stacks = [stack, EditStack()]
        let sampling = Sampling(steps: service.pack.steps)
        let pictures = try await service.withAnalysis(of: edit.picture) { analysis in
            let requests = stacks.map { RenderRequest(.picture(analysis.id), stack: $0, sampling: sampling, size: .original) }
            return try await service.engine.render(requests, givesWay: true) { [hub] progress in
                guard progress.stage == .rendering, progress.step % Self.reportedSteps == 0 || progress.step == progress.count else {
                    return
                }
                hub.emit("image_processing", Progress(step: progress.step, steps: progress.count), to: edit.client)
            }
        }
        for (picture, path) in zip(pictures, [edit.paths.image, edit.paths.restored]) {
            try service.store.add(result: picture.pngData(), as: path)
        }
    }

    private func picture(_ request: Request, _ places: [String]) async throws -> Response {
        guard let bytes = service.store.result(places[0]) else { throw HTTPFailure(.notFound, "There is no such picture, or not yet.") }
        return Response(type: "image/png", bytes)
    }
}
