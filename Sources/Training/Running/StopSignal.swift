import Dispatch
import Foundation
import Synchronization

/// A flag that asks a run to save and end after the step in hand; any thread may set it.
public final class StopSignal: Sendable {
    private let flag = Atomic<Bool>(false)

    public init() {}

    public var isSet: Bool { flag.load(ordering: .relaxed) }

    public func set() { flag.store(true, ordering: .relaxed) }

    /// Sets the flag when the user presses Ctrl-C or the system asks the program to end, for as long as the returned sources are kept.
    public func setOnInterrupt() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { self.set() }
            source.resume()
            return source
        }
    }
}
