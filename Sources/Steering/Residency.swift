import Foundation
import Tensors

/// Which of a pack's networks are in memory together.
struct Residency: Equatable {
    /// Whether all stay; otherwise the image tower and the U-Net take turns.
    let keepsAll: Bool

    /// A CUDA device is only chosen for a pack that fits. On the CPU others need memory too, so that a pack stays whole when it takes up to a
    /// quarter of it.
    /// - Parameters:
    ///   - bytes: what all networks take in the data type in which they are computed.
    ///   - memory: that of the machine, in bytes.
    init(bytes: Int, device: Device, memory: Int = Int(clamping: ProcessInfo.processInfo.physicalMemory)) {
        keepsAll = device != .cpu || bytes <= memory / 4
    }
}
