import CTorch
import Foundation
import Synchronization

/// A computation on a CUDA device, recorded once and replayed as one launch: hundreds of small operations no longer wait for the host.
///
/// A replay computes with the memory of the recording, so new numbers are assigned to `inputs` before it.
public final class CapturedGraph {
    /// What the computation reads.
    public let inputs: [Tensor]
    private let output: Tensor
    private let handle: OpaquePointer

    /// Whether computations on `device` can be recorded: not without CUDA's headers, not where `FADER_CUDA_GRAPHS` is 0, and never again once it
    /// has failed.
    public static func isSupported(on device: Device) -> Bool {
        guard case .cuda(let index) = device, index < Device.cudaCount else { return false }
        return ct_graphs_are_supported() && isWanted && failure == nil
    }

    private static let isWanted = ProcessInfo.processInfo.environment["FADER_CUDA_GRAPHS"] != "0"

    /// Why recording failed, once it has; for the log.
    public static var failure: String? { firstFailure.withLock(\.self) }

    private static let firstFailure = Mutex<String?>(nil)

    /// Computes `body` a few times, then records it.
    ///
    /// While it is recorded, `body` must not ask the device for a number, and must not bring tensors from the host.
    /// - Parameters:
    ///   - inputs: tensors on the device that nothing else writes to.
    ///   - device: a CUDA device.
    ///   - body: makes the result from the inputs.
    /// - Throws: what `body` throws, and `TensorError` when libtorch cannot record it.
    public init(_ inputs: [Tensor], on device: Device, _ body: @escaping ([Tensor]) throws -> Tensor) throws {
        guard Self.isSupported(on: device) else { throw TensorError.refused("computations on \(device) cannot be recorded") }
        let work = Work { try body(inputs) }
        var recorded: OpaquePointer?
        let status = withExtendedLifetime(work) {
            ct_graph_record(
                device.code, Self.rehearsals, { Unmanaged<Work>.fromOpaque($0!).takeUnretainedValue().run() },
                Unmanaged.passUnretained(work).toOpaque(), &recorded)
        }
        do {
            if let error = work.error { throw error }
            try check(status)
        } catch let error as TensorError {
            Self.firstFailure.withLock { $0 = $0 ?? error.description }
            throw error
        }
        guard let recorded, let output = work.output else { throw TensorError.unexpected("no graph was returned") }
        self.inputs = inputs
        self.output = output
        handle = recorded
    }

    deinit {
        ct_graph_free(handle)
    }

    /// Computes with what the inputs now hold, and returns the result in memory of its own.
    ///
    /// It returns before the device is done, but waits for the replay before this one.
    public func replay() throws -> Tensor {
        try check(ct_graph_replay(handle))
        return try output.cloned()
    }

    /// libtorch's libraries choose and allocate for good within three runs.
    private static let rehearsals: Int32 = 3

    /// The computation as C calls it.
    private final class Work {
        private let body: () throws -> Tensor
        private(set) var output: Tensor?
        private(set) var error: (any Error)?

        init(_ body: @escaping () throws -> Tensor) {
            self.body = body
        }

        func run() -> Bool {
            do {
                output = try body()
            } catch {
                self.error = error
            }
            return error == nil
        }
    }
}
