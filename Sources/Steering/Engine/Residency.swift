import Foundation
import Tensors

/// Which of a pack's networks are in memory together.
struct Residency: Equatable {
    /// Whether those that pictures take stay; otherwise the large ones take turns.
    let keepsAll: Bool
    /// Whether those that texts take stay as well.
    let keepsTexts: Bool

    /// A CUDA device is only chosen for a pack whose pictures fit. On the CPU others need memory too, so that networks stay together when they take
    /// up to a quarter of it.
    /// - Parameters:
    ///   - bytes: what the networks of pictures take in the data type in which they are computed.
    ///   - textBytes: what those of texts take.
    ///   - memory: that of the machine, in bytes.
    init(bytes: Int, textBytes: Int, device: Device, memory: Int = Int(clamping: ProcessInfo.processInfo.physicalMemory)) {
        keepsAll = device != .cpu || bytes <= memory / 4
        keepsTexts = device == .cpu && bytes + textBytes <= memory / 4
    }
}
