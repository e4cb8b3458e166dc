import Tensors

/// The Kandinsky 2.2 noise predictor, conditioned on an image embedding twice: as 32 tokens in every attention, and added to the time embedding.
///
/// Latents `[batch, 4, height, width]`, timesteps `[batch]` → `[batch, 8, height, width]`: predicted noise, then variance.
/// Matches diffusers' `UNet2DConditionModel` as Kandinsky 2.2 configures it.
public struct UNet: CheckpointNetwork {
    /// What depends on the embedding alone: computed once, used in every step.
    public struct Condition {
        /// The embedding's part of the time embedding, `[batch, 4 · channels]`.
        let time: Tensor
        /// For each attention, the image tokens' keys and values.
        let added: [Tensor]

        /// All of it, for copying: in the order that `init(tensors:)` takes.
        public var tensors: [Tensor] { [time] + added }

        init(time: Tensor, added: [Tensor]) {
            self.time = time
            self.added = added
        }

        public init(tensors: ArraySlice<Tensor>) {
            self.init(time: tensors[tensors.startIndex], added: Array(tensors.dropFirst()))
        }

        /// Whether it is this very condition, not one of equal numbers.
        public func isSame(as other: Condition) -> Bool { time === other.time }
    }

    public let configuration: UNetConfiguration
    let dataType: DataType
    let device: Device
    let timeEmbedding: TimeEmbedding
    let timeProjections: TimeProjections
    let imageTime: ImageTimeEmbedding
    let imageTokens: ImageTokens
    let input, output: Convolution
    let down: [DownBlock]
    let middle: MidBlock
    let up: [UpBlock]
    let outputNorm: GroupNorm

    public init(_ configuration: UNetConfiguration, _ weights: Weights) throws {
        self.configuration = configuration
        let channels = configuration.channels
        guard let first = channels.first, let last = channels.last else {
            throw NetworkError.unsuitableInput("A U-Net needs at least one level.")
        }
        var slots = UNetSlots()
        input = try Convolution(weights["conv_in"], from: configuration.inputChannels, to: first)
        timeEmbedding = try TimeEmbedding(weights["time_embedding"], channels: first, width: configuration.timeWidth)
        imageTime = try ImageTimeEmbedding(weights["add_embedding"], configuration)
        imageTokens = try ImageTokens(weights["encoder_hid_proj"], configuration)
        var down: [DownBlock] = []
        for level in channels.indices {
            down.append(try DownBlock(weights["down_blocks"][level], configuration, level: level, slots: &slots))
        }
        self.down = down
        middle = try MidBlock(weights["mid_block"], configuration, channels: last, slots: &slots)
        var up: [UpBlock] = []
        for (index, level) in channels.indices.reversed().enumerated() {
            up.append(try UpBlock(weights["up_blocks"][index], configuration, level: level, slots: &slots))
        }
        self.up = up
        timeProjections = try TimeProjections(slots.timeProjections, isForGPU: weights.source.isForGPU)
        outputNorm = try GroupNorm(weights["conv_norm_out"], channels: first, groups: configuration.groups, epsilon: configuration.epsilon)
        output = try Convolution(weights["conv_out"], from: first, to: configuration.outputChannels)
        (dataType, device) = (try outputNorm.weight.dataType, outputNorm.weight.device)
    }

    /// Prepares image embeddings `[batch, width]`.
    public func condition(_ embedding: Tensor) throws -> Condition {
        guard embedding.rank == 2, embedding.size(1) == configuration.embeddingWidth else {
            throw NetworkError.unsuitableInput(
                "The U-Net takes image embeddings of \(configuration.embeddingWidth) numbers, not \(embedding.shape).")
        }
        let embedding = try embedding.to(dataType, device: device)
        let tokens = try imageTokens(embedding)
        return Condition(time: try imageTime(embedding), added: try attentions.map { try $0.added(tokens) })
    }

    public func callAsFunction(_ latents: Tensor, timesteps: Tensor, _ condition: Condition) throws -> Tensor {
        let divisor = 1 << (configuration.channels.count - 1)
        guard latents.rank == 4, latents.size(1) == configuration.inputChannels, latents.size(2) % divisor == 0,
            latents.size(3) % divisor == 0
        else {
            throw NetworkError.unsuitableInput(
                "The U-Net takes latents of \(configuration.inputChannels) channels with sides that \(divisor) divides, not \(latents.shape)."
            )
        }
        let modulations = try timeProjections((timeEmbedding(timesteps) + condition.time).silu())
        var x = try input(latents.to(dataType).channelsLast())
        var skips = [x]
        for block in down { x = try block(x, modulations, condition, skips: &skips) }
        x = try middle(x, modulations, condition)
        for block in up { x = try block(x, modulations, condition, skips: &skips) }
        return try output(outputNorm(x, activated: true)).to(.float32)
    }

    /// In the order of their slots.
    private var attentions: [AddedAttention] { down.flatMap(\.attentions) + [middle.attention] + up.flatMap(\.attentions) }
}

/// Counts the parts of a U-Net that share something, in the order in which they are made.
struct UNetSlots {
    private(set) var timeProjections: [Linear] = []
    private var attentionCount = 0

    /// - Returns: the residual block's place.
    mutating func add(timeProjection: Linear) -> Int {
        timeProjections.append(timeProjection)
        return timeProjections.count - 1
    }

    /// - Returns: the attention's place.
    mutating func addAttention() -> Int {
        attentionCount += 1
        return attentionCount - 1
    }
}

extension UNetConfiguration {
    /// The width of the time embedding.
    var timeWidth: Int { channels[0] * 4 }
}
