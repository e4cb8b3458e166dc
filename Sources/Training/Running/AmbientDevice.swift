import Tensors

extension Device {
    /// Where training makes its tensors and reads its checkpoints to: `Device.$ambient.withValue` sets it for a run.
    @TaskLocal public static var ambient = Device.cpu
}
