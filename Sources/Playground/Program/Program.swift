import Foundation
import Randomness
import Steering
import Terminal

/// The playground on a terminal: waits for what happens, lets `update` decide, carries the effects out, and draws.
///
/// Everything here runs on the main thread; the engine and the files are the worker's.
@MainActor public final class Program {
    /// xterm keeps 16 images and drops some that are still visible for newer ones; before that, all of them are sent again.
    private static let imagesBetweenRefreshes = 12

    private let screen: Screen
    private let events: EventLoop
    private let mailbox: Mailbox
    private let worker: Worker
    private let drawer = PictureDrawer()
    private var timers = Timers()
    private var state: State
    private var isDone = false
    /// What is kept of the work, in one sentence, once `run` has returned; nil when there is nothing to keep.
    public private(set) var farewell: String?
    private var imagesSinceRefresh = 0

    /// Takes over a terminal, until `run` returns.
    /// - Throws: `TerminalError` when the terminal cannot be used.
    public init(
        _ options: Options, engine: any EngineService, device: TerminalDevice,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let wakeUp = try WakeUp()
        events = try EventLoop(device: device, wakeUp: wakeUp)
        mailbox = Mailbox(wakeUp)
        worker = Worker(options: options, engine: engine, mailbox: mailbox)
        screen = try Screen(device, environment: environment, tmux: TmuxClient(asking: environment), usesMouse: options.usesMouse)
        state = State(
            options: options, display: Display(screen.capabilities), random: SplitMix64(seed: .random(in: .min ... .max)))
        events.expectReplies()
    }

    /// Plays until the user quits, the process is asked to end, or the terminal is gone; then the terminal is as it was.
    ///
    /// It does not wait for a step that the engine is in the middle of: the process should exit.
    /// - Throws: `TerminalError` when the terminal stops working.
    public func run() throws {
        defer {
            worker.cancelAll()
            farewell = keepSession()
            screen.close()
            events.close()
        }
        try perform(state.begin())
        try draw()
        while !isDone {
            for event in events.next(within: timers.remaining()) { try handle(event) }
            for message in mailbox.takeAll() {
                if case .engine(let event) = message, case .finished = event.kind { worker.forget(event.id) }
                try send(message)
            }
            for timer in timers.takeExpired() { try send(.timer(timer)) }
            if !isDone { try draw() }
        }
    }

    /// Saves the session for good.
    /// - Returns: what is kept, in one sentence.
    private func keepSession() -> String? {
        guard state.options.sessionFile != nil, let session = state.session else { return nil }
        do {
            if let unsaved = state.unsavedSession { try worker.saveNow(unsaved) }
            return session.keptWork.map { "Kept \($0); fader --resume goes on from there." }
        } catch {
            return session.keptWork.map { "Could not keep \($0): \(String(describing: error).drawable)" }
        }
    }

    private func handle(_ event: EventLoop.Event) throws {
        switch event {
        case .input(.reply(let reply)):
            if screen.learn(reply) { try send(.display(Display(screen.capabilities))) }
        case .input(.resize):
            screen.resize()
            events.expectReplies(for: .seconds(1))
            try send(.display(Display(screen.capabilities)))
        case .input(let input): try send(.input(input))
        case .wake: break
        case .signal(.suspend): try suspend()
        case .signal(.resume):
            screen.resume()
            try send(.display(Display(screen.capabilities)))
        case .signal(.interrupt), .signal(.terminate), .hangUp: try send(.stop)
        }
    }

    /// Stops the process, and shows its window's size when it goes on.
    private func suspend() throws {
        screen.suspend()
        try send(.display(Display(screen.capabilities)))
    }

    private func send(_ message: Message) throws {
        try perform(update(&state, message))
    }

    private func perform(_ effects: [Effect]) throws {
        for effect in effects {
            switch effect {
            case .ask(let id, let request): worker.ask(id, request)
            case .cancel(let id): worker.cancel(id)
            case .startTimer(let timer, let seconds): timers.start(timer, seconds: seconds)
            case .stopTimer(let timer): timers.stop(timer)
            case .complete(let path): worker.complete(path)
            case .export(let export, let place): worker.export(export, to: place)
            case .save(let session): worker.save(session)
            case .listJobs: worker.listJobs()
            case .cancelJob(let job): worker.cancelJob(job)
            case .repaint: screen.invalidate()
            case .resendPictures: screen.invalidateImages()
            case .suspend: try suspend()
            case .quit: isDone = true
            }
        }
    }

    /// Shows the state: the text at once, and then the pictures, of which those that changed have to be encoded first.
    private func draw() throws {
        let frame = view(state)
        drawer.use(PictureDrawer.DrawingOptions(graphics: state.graphics, capabilities: screen.capabilities))
        guard !drawer.isReady(for: frame.pictures) else {
            screen.present(frame.canvas, images: drawer.latest(for: frame.pictures))
            return
        }
        screen.present(frame.canvas, images: drawer.latest(for: frame.pictures))
        let images = try drawer.images(of: frame.pictures, partSize: screen.partSize)
        refreshImages()
        screen.present(frame.canvas, images: images)
    }

    private func refreshImages() {
        imagesSinceRefresh += 1
        guard imagesSinceRefresh > Self.imagesBetweenRefreshes else { return }
        imagesSinceRefresh = 0
        screen.invalidateImages()
    }
}

extension Display {
    init(_ capabilities: Capabilities) {
        self.init(
            size: capabilities.window.cells, cell: capabilities.cell, graphics: capabilities.graphics, isUnicode: capabilities.isUnicode,
            colors: capabilities.colors)
        background = capabilities.background
        limitation = capabilities.limitation
    }
}
