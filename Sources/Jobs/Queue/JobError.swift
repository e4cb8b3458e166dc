import Foundation

/// What can go wrong with the queue of jobs; nothing is lost by any of it.
public enum JobError: Error, Equatable, LocalizedError, CustomStringConvertible {
    case noFolder
    case unusableFolder(String)
    case full(capacity: Int)
    case missing(Int64)
    case alreadyEnded(Int64, Job.State)
    case notEnded(Int64)
    case unreadableRequest(job: Int64)
    case notAQueue(file: String)
    case newerVersion(file: String)
    case locked(file: String)
    case damaged(file: String)
    case unusable(file: String, reason: String)
    case workerIsRunning
    case directoryMissing(String)
    case pictureMissing
    case cannotStart(String, reason: String)
    case commandFailed(String)
    case commandKilled(signal: Int32)
    case interruptedTooOften(Int)

    public var description: String {
        switch self {
        case .noFolder: "There is no place for the queue of jobs: set $HOME or $XDG_STATE_HOME."
        case .unusableFolder(let path): "\(path): the queue of jobs cannot be kept in this folder; look at its permissions."
        case .full(let capacity): "\(capacity) jobs are waiting already, and the queue takes no more; try again when some are done."
        case .missing(let id): "There is no job \(id); fader jobs lists those that there are."
        case .alreadyEnded(let id, let state): "Job \(id) cannot be cancelled: it is \(state.rawValue) already."
        case .notEnded(let id): "Job \(id) has not ended; only one that failed or was cancelled can be tried again."
        case .unreadableRequest(let id):
            "What job \(id) should do cannot be read: a newer Fader has queued it, or the queue's file is damaged."
        case .notAQueue(let file): "\(file): this is not a queue of jobs; move it away, and a new one is made."
        case .newerVersion(let file): "\(file): a newer Fader has made this queue of jobs; use that one, or move the file away."
        case .locked(let file): "\(file): another program is writing to the queue of jobs; try again when it is done."
        case .damaged(let file): "\(file): the queue of jobs is damaged; move it away, and a new one is made."
        case .unusable(let file, let reason): "\(file): the queue of jobs cannot be used: \(reason)."
        case .workerIsRunning: "Another program works on the queue of jobs already."
        case .directoryMissing(let path): "\(path): the folder in which the command was queued is not there any more."
        case .pictureMissing: "The picture that was to be edited is not there any more; upload it again."
        case .cannotStart(let program, let reason): "\(program): the program cannot be started: \(reason)."
        case .commandFailed(let sentence): sentence
        case .commandKilled(let signal):
            "The command was ended by signal \(signal)\(signal == SIGKILL ? "; the system may have run out of memory" : "")."
        case .interruptedTooOften(let count):
            "The program that worked on this job ended \(count) times in the middle of it; fader jobs retry tries it again."
        }
    }

    public var errorDescription: String? { description }
}
