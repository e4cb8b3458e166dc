import Tensors

/// Takes the steps of a trainer: the loss, its gradients, the update of parameters and averages.
///
/// On a CUDA device the step of a `RecordableTrainer` is recorded and replayed as one launch: with small networks the device would otherwise wait for
/// the host, which dispatches thousands of operations for a step.
final class TrainingSteps {
    private let trainer: any Trainer
    private let optimiser: Optimiser
    private var recording: CapturedGraph?

    init(_ trainer: any Trainer, _ optimiser: Optimiser) {
        self.trainer = trainer
        self.optimiser = optimiser
    }

    /// Takes one step, for which the optimiser has been prepared.
    /// - Returns: what `Optimiser.update` returns, on the device.
    func take(_ step: Int, progress: Double) throws -> Tensor {
        guard let trainer = trainer as? any RecordableTrainer else { return try learn(from: trainer.loss(step: step, progress: progress)) }
        let batch = try Tensor.withoutGradients { try trainer.batch(step: step, progress: progress) }
        guard let recording = recording(of: trainer, for: batch) else { return try learn(from: trainer.loss(of: batch)) }
        for (input, tensor) in zip(recording.inputs, batch) { try input.assign(tensor) }
        return try recording.replay()
    }

    private func learn(from loss: Tensor) throws -> Tensor {
        try loss.backward()
        return try optimiser.update(loss: loss.detached())
    }

    /// The recording for batches of these shapes; nil where there can be none, and the plain step does the same.
    private func recording(of trainer: any RecordableTrainer, for batch: [Tensor]) -> CapturedGraph? {
        if let recording, recording.inputs.map(\.shape) == batch.map(\.shape) { return recording }
        recording = nil
        guard CapturedGraph.isSupported(on: optimiser.device) else { return nil }
        recording = try? optimiser.withoutChanges {
            try CapturedGraph(batch.map { try $0.cloned() }, on: optimiser.device) { [self] in try learn(from: trainer.loss(of: $0)) }
        }
        return recording
    }
}
