import Tensors

extension Device {
    /// Where training makes its tensors and reads its checkpoints to: `Device.$ambient.withValue` sets it for a run.
    @TaskLocal public static var ambient = Device.cpu

    /// How many examples to compute at once, where a CPU does best with `count`, which its caches hold: a GPU wants more to be busy.
    func examples(_ count: Int) -> Int { self == .cpu ? count : 16 * count }
}
