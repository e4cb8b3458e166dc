import Foundation
import Steering

/// The engine that jobs are computed on: that of the program where it has the job's pack open, and otherwise one that is made for them.
actor JobEngines {
    typealias Opened = (engine: Engine, pack: PackSummary)

    private let shared: Opened?
    private let device, dataType: String
    private let threads: Int?
    private var own: Opened?

    init(shared: Opened?, device: String, dataType: String, threads: Int?) {
        self.shared = shared
        self.device = device
        self.dataType = dataType
        self.threads = threads
    }

    func engine(with pack: String, progress: @escaping @Sendable (WorkProgress) -> Void) async throws -> Opened {
        let folder = URL(fileURLWithPath: pack).resolvingSymlinksInPath()
        func isOpen(_ opened: Opened?) -> Bool {
            opened.map { URL(fileURLWithPath: $0.pack.path).resolvingSymlinksInPath() == folder } ?? false
        }
        if let shared, isOpen(shared) { return shared }
        if let own, isOpen(own) { return own }
        let engine = own?.engine ?? Engine(threads: threads)
        own = nil
        let opened = (engine, try await engine.open(URL(fileURLWithPath: pack), device: device, dataType: dataType, progress: progress))
        own = opened
        return opened
    }
}
