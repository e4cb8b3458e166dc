import Foundation
import Pictures
import Steering

/// Carries out the work that takes long, away from the main thread; what comes of it arrives as messages.
final class Worker {
    private let options: Options
    private let renderer: any Rendering
    private let mailbox: Mailbox
    private let store: SessionStore?
    private var render: Task<Void, Never>?
    private var browsing: Task<Void, Never>?
    private var icon: Task<Void, Never>?

    init(options: Options, renderer: any Rendering, mailbox: Mailbox) {
        self.options = options
        self.renderer = renderer
        self.mailbox = mailbox
        store = options.sessionFile.map(SessionStore.init)
    }

    func open() {
        perform(.opening) { [options, renderer, mailbox] report in
            .opened(
                try await renderer.open(options.pack, device: options.device, dataType: options.dataType, progress: report) {
                    mailbox.post(.remarked($0))
                })
        }
    }

    func analyse(_ url: URL) {
        perform(.analysing) { [renderer] report in try await Self.analyse(url, renderer, report) }
    }

    func analyseNeighbour(of url: URL, isNext: Bool) {
        perform(.analysing) { [renderer] report in
            guard let neighbour = url.neighbouringPicture(isNext: isNext) else {
                throw PictureError.unreadable(
                    name: url.deletingLastPathComponent().path, reason: "there is no other picture in this folder")
            }
            return try await Self.analyse(neighbour, renderer, report)
        }
    }

    private static func analyse(
        _ url: URL, _ renderer: any Rendering, _ report: @escaping @Sendable (WorkProgress) -> Void
    ) async throws -> Message {
        let material = try Material(contentsOf: url)
        let opened = Opened(
            source: material.source, recipe: material.recipe, session: material.session, isOtherPicture: material.isOtherPicture)
        return .analysed(try await renderer.analyse(material.picture, progress: report), opened)
    }

    func complete(_ path: String) {
        perform(.exporting) { _ in .completed(PathCompletion(path)) }
    }

    /// Lists features, in place of those asked for before.
    func browse(_ requests: [BrowsingRequest]) {
        browsing?.cancel()
        browsing = perform(.browsing) { [renderer, mailbox] _ in
            for request in requests { mailbox.post(.browsed(request, try await renderer.browse(request))) }
            return nil
        }
    }

    func analyseDonor(_ url: URL, isOrigin: Bool) {
        perform(.lookingAtDonor) { [renderer] _ in
            let features = try await renderer.features(of: Material(contentsOf: url).picture)
            return .donor(Donor(name: url.lastPathComponent, features: features), isOrigin: isOrigin)
        }
    }

    func makeDirection(_ definition: Direction.Definition) {
        perform(.makingDirection) { [renderer] _ in .direction(try await renderer.direction(definition)) }
    }

    func findGroups(_ analysis: AnalysisID) {
        perform(.findingGroups) { [renderer] _ in .foundGroups(try await renderer.groups(of: analysis)) }
    }

    func findAlike(_ feature: Int) {
        perform(.findingAlike) { [renderer] _ in
            .alike(feature, try await renderer.browse(BrowsingRequest(order: .likeness, feature: feature)))
        }
    }

    func save(_ group: FeatureGroup) {
        perform(.browsing) { [renderer] _ in
            try await renderer.save(group)
            return .savedGroup(group.name)
        }
    }

    func listGroups() {
        perform(.browsing) { [renderer] _ in .groups(try await renderer.groups()) }
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

    func makeIcon(_ feature: Int, fallback: Picture) {
        icon = perform(.makingIcon) { [renderer] _ in .icon(feature, try await renderer.icon(of: feature, fallback: fallback)) }
    }

    func cancelIcon() {
        icon?.cancel()
        icon = nil
    }

    func export(_ export: Export, beside picture: URL) {
        perform(.exporting) { _ in .exported(try export.write(beside: picture)) }
    }

    /// Saves the session while it goes on.
    func save(_ session: Session) {
        guard let store else { return }
        let number = store.number()
        perform(.saving) { _ in
            try store.save(session, number: number)
            return nil
        }
    }

    /// Saves the session before the program ends.
    /// - Throws: an error of one sentence when the file cannot be written.
    func saveNow(_ session: Session) throws {
        try store?.save(session, number: store?.number() ?? 0)
    }

    @discardableResult
    private func perform(
        _ job: Job, _ work: @escaping @Sendable (_ report: @escaping @Sendable (WorkProgress) -> Void) async throws -> Message?
    ) -> Task<Void, Never> {
        Task { [mailbox] in
            do {
                let answer = try await work { mailbox.post(.progressed(job, $0)) }
                if let answer { mailbox.post(answer) }
            } catch is CancellationError {
                // Only what nobody waits for any more is cancelled.
            } catch {
                mailbox.post(.failed(job, String(describing: error)))
            }
        }
    }
}
