import Tensors

/// A U-Net's calls as recorded on a CUDA device, one recording for each shape of latents.
///
/// Conditions are copied into a recording, so that another embedding needs no other.
final class UNetRecordings {
    private struct Recording {
        let shape: [Int]
        /// Latents, timestep, and the condition's tensors.
        let graph: CapturedGraph
        /// What the condition's tensors were last copied from.
        var condition: UNet.Condition?
    }

    private var recordings: [Recording] = []

    var count: Int { recordings.count }

    /// Each holds the memory of all intermediate results; one picture with and without guidance takes two.
    private static let capacity = 4

    /// What `unet` predicts; nil where nothing can be recorded, and once recording has failed.
    func prediction(of unet: UNet, _ latents: Tensor, at timestep: Int, _ condition: UNet.Condition) throws -> Tensor? {
        guard CapturedGraph.isSupported(on: latents.device), let place = place(unet, latents, condition) else { return nil }
        let inputs = recordings[place].graph.inputs
        try inputs[0].assign(latents)
        try inputs[1].assign(Tensor.full([1], Double(timestep), device: latents.device))
        if recordings[place].condition?.time !== condition.time {
            for (input, tensor) in zip(inputs.dropFirst(2), condition.tensors) { try input.assign(tensor) }
            recordings[place].condition = condition
        }
        return try recordings[place].graph.replay()
    }

    /// Where the recording for these latents is; nil when it fails, which the plain call then explains or does better.
    private func place(_ unet: UNet, _ latents: Tensor, _ condition: UNet.Condition) -> Int? {
        let shape = latents.shape
        if let known = recordings.firstIndex(where: { $0.shape == shape }) { return known }
        if recordings.count == Self.capacity { recordings.removeFirst() }
        guard let graph = try? record(unet, latents, condition) else { return nil }
        recordings.append(Recording(shape: shape, graph: graph))
        return recordings.count - 1
    }

    private func record(_ unet: UNet, _ latents: Tensor, _ condition: UNet.Condition) throws -> CapturedGraph {
        let timestep = try Tensor.zeros([1], device: latents.device)
        let inputs = try [latents.cloned(), timestep] + condition.tensors.map { try $0.cloned() }
        return try CapturedGraph(inputs, on: latents.device) { inputs in
            try unet(inputs[0], timesteps: inputs[1], UNet.Condition(tensors: inputs.dropFirst(2)))
        }
    }
}

extension UNet.Condition {
    /// All of it, in the order that `init(tensors:)` takes.
    var tensors: [Tensor] { [time] + added.flatMap { [$0.keys, $0.values] } }

    init(tensors: ArraySlice<Tensor>) {
        let pairs = Array(tensors.dropFirst())
        self.init(
            time: tensors[tensors.startIndex],
            added: stride(from: 0, to: pairs.count, by: 2).map { AddedAttention.Added(keys: pairs[$0], values: pairs[$0 + 1]) })
    }
}
