import Foundation

/// A piece of work that waits in the queue, runs, or has ended.
public struct Job: Sendable, Equatable, Identifiable {
    public enum State: String, Sendable, CaseIterable, Codable {
        case queued, running, completed, failed, cancelled

        /// Whether nothing more happens unless somebody asks for it.
        public var isFinal: Bool { self != .queued && self != .running }
    }

    /// Counts up from 1, and is never given twice.
    public let id: Int64
    /// What it does, in a word, such as "render" or "train".
    public let kind: String
    /// What it does, in a line.
    public let title: String
    public let state: State
    /// What it is at, in a word; nil before the first report.
    public let stage: String?
    /// Steps done, of `steps`; both are 0 before the first report.
    public let step, steps: Int
    /// How often it has been begun.
    public let attempts: Int
    /// Whether it was cancelled while it runs, and has not ended yet.
    public let isCancelling: Bool
    /// Why it failed, in one sentence.
    public let error: String?
    public let result: JobResult?
    public let queued: Date
    public let started, finished: Date?
    /// A name that nobody can guess, for its files.
    let token: String
    let requestData: Data

    /// What was asked for.
    /// - Throws: `JobError.unreadableRequest` when a newer Fader has queued it, or the queue's file is damaged.
    public func request() throws -> JobRequest {
        do { return try JSONDecoder().decode(JobRequest.self, from: requestData) } catch { throw JobError.unreadableRequest(job: id) }
    }

    /// The part of the work that is done, 0…1; nil while that is not known.
    public var progress: Double? {
        if state == .completed { return 1 }
        return steps > 0 ? min(max(Double(step) / Double(steps), 0), 1) : nil
    }

    /// How long it will still take at the speed it has had, as a clock shows it, such as "0:12"; nil unless it runs and has shown a speed.
    public func timeLeft(at now: Date) -> String? {
        guard state == .running, let started, let progress, progress > 0 else { return nil }
        let seconds = now.timeIntervalSince(started) * (1 - progress) / progress
        let longest = 359_999.0
        guard seconds >= 0 else { return nil }
        let whole = Int(min(seconds.rounded(), longest))
        let (hours, minutes) = (whole / 3600, whole / 60 % 60)
        return hours > 0 ? String(format: "%d:%02d:%02d", hours, minutes, whole % 60) : String(format: "%d:%02d", minutes, whole % 60)
    }
}

/// What a job has made.
public struct JobResult: Sendable, Equatable, Codable {
    /// By absolute path; a command may have written more.
    public var files: [String]
    /// What the command printed, where the job was one.
    public var text: String?

    public init(files: [String] = [], text: String? = nil) {
        self.files = files
        self.text = text
    }
}

/// Something that happened to a job. Events are only ever added; their numbers count up over all jobs.
public struct JobEvent: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable, Codable {
        case queued, started, progress, preview, completed, failed, cancelled

        /// Whether the job has ended with it.
        public var isFinal: Bool { self == .completed || self == .failed || self == .cancelled }
    }

    public let number: Int64
    public let job: Int64
    public let kind: Kind
    public let time: Date
    /// What the job is at, in a word; for progress and previews.
    public let stage: String?
    /// Steps done, of `steps`; for progress and previews.
    public let step, steps: Int?
    /// Why the job failed, or why it is queued anew.
    public let reason: String?
    /// The picture so far, as a small PNG; nil for other events, and for jobs that ended long ago.
    public let preview: Data?
}

extension Job: Encodable {
    private enum CodingKeys: String, CodingKey {
        case id, kind, title, state, stage, step, steps, attempts, cancelling, error, result, queued, started, finished
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(kind, forKey: .kind)
        try container.encode(title, forKey: .title)
        try container.encode(state, forKey: .state)
        try container.encodeIfPresent(stage, forKey: .stage)
        try container.encode(step, forKey: .step)
        try container.encode(steps, forKey: .steps)
        try container.encode(attempts, forKey: .attempts)
        try container.encode(isCancelling, forKey: .cancelling)
        try container.encodeIfPresent(error, forKey: .error)
        try container.encodeIfPresent(result, forKey: .result)
        try container.encode(queued.formatted(.iso8601), forKey: .queued)
        try container.encodeIfPresent(started?.formatted(.iso8601), forKey: .started)
        try container.encodeIfPresent(finished?.formatted(.iso8601), forKey: .finished)
    }
}

extension JobEvent: Encodable {
    private enum CodingKeys: String, CodingKey {
        case number, job, kind, time, stage, step, steps, reason, preview
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(number, forKey: .number)
        try container.encode(job, forKey: .job)
        try container.encode(kind, forKey: .kind)
        try container.encode(time.formatted(.iso8601), forKey: .time)
        try container.encodeIfPresent(stage, forKey: .stage)
        try container.encodeIfPresent(step, forKey: .step)
        try container.encodeIfPresent(steps, forKey: .steps)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encodeIfPresent(preview.map { "data:image/png;base64," + $0.base64EncodedString() }, forKey: .preview)
    }
}
