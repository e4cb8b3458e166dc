import Foundation
import Pictures
import Steering

/// Carries out the work that takes long, away from the main thread; what comes of it arrives as messages.
final class Worker {
    private let options: Options
    private let renderer: any Rendering
    private let mailbox: Mailbox
    private var render: Task<Void, Never>?

    init(options: Options, renderer: any Rendering, mailbox: Mailbox) {
        self.options = options
        self.renderer = renderer
        self.mailbox = mailbox
    }

    func open() {
        perform(.opening) { [options, renderer] report in
            .opened(try await renderer.open(options.pack, device: options.device, dataType: options.dataType, progress: report))
        }
    }

    func analyse() {
        perform(.analysing) { [options, renderer] report in
            .analysed(try await renderer.analyse(try Picture(contentsOf: options.picture), progress: report))
        }
    }

    func render(_ request: RenderRequest, id: Int, previews: Bool) {
        render = perform(.rendering(id: id)) { [renderer] report in
            let clock = ContinuousClock()
            let start = clock.now
            let picture = try await renderer.render(request, previews: previews, progress: report)
            return .rendered(id: id, picture, seconds: (clock.now - start) / .seconds(1))
        }
    }

    func cancelRender() {
        render?.cancel()
        render = nil
    }

    func export(_ picture: Picture) {
        perform(.exporting) { [options] _ in
            let destination = options.picture.exportDestination()
            try picture.write(toPNG: destination)
            return .exported(destination)
        }
    }

    @discardableResult
    private func perform(
        _ job: Job, _ work: @escaping @Sendable (_ report: @escaping @Sendable (WorkProgress) -> Void) async throws -> Message
    ) -> Task<Void, Never> {
        Task { [mailbox] in
            do {
                mailbox.post(try await work { mailbox.post(.progressed(job, $0)) })
            } catch is CancellationError {
                // Only what nobody waits for any more is cancelled.
            } catch {
                mailbox.post(.failed(job, String(describing: error)))
            }
        }
    }
}
