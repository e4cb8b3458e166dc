import Networks
import Tensors

/// A U-Net that is called again and again, on a CUDA device as a recording: one for each shape of latents.
///
/// Conditions are copied into a recording, so that another embedding needs no other. The network's weights must not be replaced.
public final class RecordedUNet {
    private struct Recording {
        let shape: [Int]
        /// Latents, timestep, and the condition's tensors.
        let graph: CapturedGraph
        /// What the condition's tensors were last copied from.
        var condition: UNet.Condition?
    }

    public let unet: UNet
    private var recordings: [Recording] = []

    /// Each holds the memory of all intermediate results; one picture with and without guidance takes two.
    private static let capacity = 4

    public init(_ unet: UNet) {
        self.unet = unet
    }

    /// How many recordings there are: none on the CPU.
    var recordingCount: Int { recordings.count }

    /// What `UNet.noisePredictor` makes, by recordings where there can be some.
    public func noisePredictor(for embedding: Tensor, guidance: Double = 1, unconditional: Tensor? = nil) throws -> NoisePredictor {
        try unet.noisePredictor(for: embedding, guidance: guidance, unconditional: unconditional) { [self] latents, timestep, condition in
            let time = try Tensor.full([1], Double(timestep), device: latents.device)
            return try replayed(latents, time, condition) ?? unet(latents, timesteps: time, condition)
        }
    }

    /// Nil where nothing can be recorded, and once recording has failed.
    private func replayed(_ latents: Tensor, _ time: Tensor, _ condition: UNet.Condition) throws -> Tensor? {
        guard CapturedGraph.isSupported(on: latents.device), let place = place(latents, condition) else { return nil }
        let inputs = recordings[place].graph.inputs
        try inputs[0].assign(latents)
        try inputs[1].assign(time)
        if recordings[place].condition?.isSame(as: condition) != true {
            for (input, tensor) in zip(inputs.dropFirst(2), condition.tensors) { try input.assign(tensor) }
            recordings[place].condition = condition
        }
        return try recordings[place].graph.replay()
    }

    /// Where the recording for these latents is; nil when it fails, which the plain call then explains or does better.
    private func place(_ latents: Tensor, _ condition: UNet.Condition) -> Int? {
        let shape = latents.shape
        if let known = recordings.firstIndex(where: { $0.shape == shape }) { return known }
        if recordings.count == Self.capacity { recordings.removeFirst() }
        guard let graph = try? record(latents, condition) else { return nil }
        recordings.append(Recording(shape: shape, graph: graph))
        return recordings.count - 1
    }

    private func record(_ latents: Tensor, _ condition: UNet.Condition) throws -> CapturedGraph {
        let timestep = try Tensor.zeros([1], device: latents.device)
        let inputs = try [latents.cloned(), timestep] + condition.tensors.map { try $0.cloned() }
        return try CapturedGraph(inputs, on: latents.device) { [unet] inputs in
            try unet(inputs[0], timesteps: inputs[1], UNet.Condition(tensors: inputs.dropFirst(2)))
        }
    }
}
