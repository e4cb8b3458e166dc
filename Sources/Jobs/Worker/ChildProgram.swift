import CSpawn
import Foundation

/// A program to be started by this one.
public struct ChildProgram: Sendable {
    public var executable: URL
    public var arguments: [String]
    public var environment: [String: String]
    /// Where it begins; nil for where this program is.
    public var directory: String?
    /// Which of this program's descriptors become its 0, 1, 2 and so on; it has no others.
    public var descriptors: [CInt]
    /// Whether it belongs to no terminal, so that it outlives the one at which this program runs.
    public var isDetached: Bool

    public init(
        _ executable: URL, _ arguments: [String], environment: [String: String], directory: String? = nil, descriptors: [CInt],
        isDetached: Bool = false
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.descriptors = descriptors
        self.isDetached = isDetached
    }

    /// Starts the program, in a process group of its own: Ctrl-C at a terminal does not reach it.
    /// - Returns: its process, which somebody must wait for.
    /// - Throws: `JobError.cannotStart`, `JobError.directoryMissing`.
    public func start() throws -> pid_t {
        if let directory, !Self.isFolder(directory) { throw JobError.directoryMissing(directory) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Out of the way of the numbers that they get.
        let copies = descriptors.map { fcntl($0, F_DUPFD_CLOEXEC, CInt(descriptors.count + 16)) }
        defer { for copy in copies where copy >= 0 { close(copy) } }
        for (target, copy) in copies.enumerated() { posix_spawn_file_actions_adddup2(&actions, copy, CInt(target)) }
        posix_spawn_file_actions_addclosefrom_np(&actions, CInt(descriptors.count))
        if let directory { posix_spawn_file_actions_addchdir_np(&actions, directory) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of this program block signals, which a child would inherit.
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let session = isDetached ? Int32(POSIX_SPAWN_SETSID) : Int32(POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(&attributes, Int16(session | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)))
        var process: pid_t = 0
        let failure = ([executable.path] + arguments).withCStrings { arguments in
            environment.map { "\($0.key)=\($0.value)" }.withCStrings { environment in
                posix_spawn(&process, executable.path, &actions, &attributes, arguments, environment)
            }
        }
        guard failure == 0 else {
            let reason = String(cString: strerror(failure))
            throw JobError.cannotStart(executable.path, reason: reason.prefix(1).lowercased() + reason.dropFirst())
        }
        return process
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

extension [String] {
    /// As C takes a list of texts, which a null pointer ends.
    fileprivate func withCStrings<Result>(_ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
        let texts = map { strdup($0) }
        defer { for text in texts { free(text) } }
        return body(texts + [nil])
    }
}
