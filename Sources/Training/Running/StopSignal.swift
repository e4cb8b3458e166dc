import Dispatch
import Foundation
import Synchronization

/// A flag that asks a run to save and end after the step in hand; any thread may set it.
public final class StopSignal: Sendable {
    private let flag = Atomic<Bool>(false)

    public init() {}

    public var isSet: Bool { flag.load(ordering: .relaxed) }

    public func set() { flag.store(true, ordering: .relaxed) }

    /// Sets the flag when the user presses Ctrl-C, for as long as the returned source is kept.
    public func setOnInterrupt() -> any DispatchSourceSignal {
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { self.set() }
        source.resume()
        return source
    }
}
